using Tastemaker.Models.Modern;
using Tastemaker.Nn;
using Tastemaker.Tests.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Features;

[Collection(nameof(SerialTorch))]
public sealed class DcnV2Tests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    private static Dense Map(Tensor weights, Tensor? biases = null) =>
        new(weights.shape[1], weights.shape[0], weight => weight.copy_(weights), biases is null ? null : bias => bias.copy_(biases));

    [Fact]
    public void With_weights_of_0_a_cross_layer_changes_nothing()
    {
        using var network = new CrossNetwork([Map(zeros(4, 4)), Map(zeros(4, 4))]);
        var x = randn(6, 4);

        network.forward(x).ShouldBeClose(x, 0);
    }

    [Fact]
    public void On_a_single_number_with_weight_1_it_is_x_squared_plus_x()
    {
        using var network = new CrossNetwork([Map(ones(1, 1))]);
        var x = randn(6, 1);

        network.forward(x).ShouldBeClose(x.square() + x);
    }

    [Fact]
    public void A_map_of_low_rank_is_the_full_map_with_the_product_of_its_matrices()
    {
        using var low = new LowRankMap(5, 2);
        using var full = Map(low.Up.matmul(low.Down.t()));
        var x = randn(7, 5);

        low.forward(x).ShouldBeClose(full.forward(x));
    }

    [Theory]
    [InlineData(ExpertGate.Softmax)]
    [InlineData(ExpertGate.Sigmoid)]
    public void Experts_are_mixed_by_their_gates(ExpertGate gate)
    {
        using var map = new ExpertMap(4, 3, experts: 2, gate);
        using (no_grad())
        {
            foreach (var weights in map.state_dict().Values)
            {
                weights.normal_();
            }
        }

        var state = map.state_dict();
        var x = randn(7, 4);
        var scores = nn.functional.linear(x, state["gate.weight"], state["gate.bias"]);
        var gates = gate is ExpertGate.Softmax ? scores.softmax(1) : scores.sigmoid();
        var expected = zeros(7, 4);
        for (var expert = 0; expert < 2; expert++)
        {
            var hidden = x.matmul(state["down"][expert]).tanh().matmul(state["core"][expert]).tanh();
            expected += gates.narrow(1, expert, 1) * (hidden.matmul(state["up"][expert]) + state["bias"]);
        }

        map.forward(x).ShouldBeClose(expected, 1e-4);
    }

    [Fact]
    public void With_equal_rows_in_every_matrix_it_is_the_first_deep_and_cross_network()
    {
        var (w1, w2, b1, b2) = (randn(4), randn(4), randn(4), randn(4));
        using var network = new CrossNetwork([Map(w1.expand(4, 4)), Map(w2.expand(4, 4))]);
        var x0 = randn(6, 4);

        var x1 = (x0 * x0.matmul(w1).unsqueeze(1)) + x0;
        var x2 = (x0 * x1.matmul(w2).unsqueeze(1)) + x1;

        network.forward(x0).ShouldBeClose(x2, 1e-4);
    }

    [Fact]
    public void Two_cross_layers_learn_a_product_of_three_inputs_and_one_cannot()
    {
        Explained(layers: 2).ShouldBeGreaterThan(0.99f);
        Explained(layers: 1).ShouldBeLessThan(0.2f);
    }

    [Theory]
    [InlineData(CrossStructure.Stacked, 0, 1)]
    [InlineData(CrossStructure.Parallel, 0, 1)]
    [InlineData(CrossStructure.Stacked, 4, 1)]
    [InlineData(CrossStructure.Parallel, 4, 3)]
    public void Every_form_gives_each_weight_a_gradient(CrossStructure structure, int rank, int experts)
    {
        var data = Rows.Data();
        var shape = Rows.Shape(data);
        using var model = new DcnV2(shape, new DcnV2Options { Dimension = 3, Hidden = [6], Structure = structure, Rank = rank, Experts = experts, InitialDeviation = 0.5 });

        model.Loss(Rows.Batch(data, shape, 100)).backward();

        // User, item, parity, hour and tags with 3 numbers each, and the price.
        model.state_dict()["output.weight"].shape[1].ShouldBe(structure is CrossStructure.Parallel ? 16 + 6 : 6);
        foreach (var (name, parameter) in model.named_parameters())
        {
            parameter.grad!.abs().max().item<float>().ShouldBeGreaterThan(0, name);
        }
    }

    [Fact]
    public void Experts_without_a_rank_are_refused()
    {
        var shape = Rows.Shape(Rows.Data());

        Should.Throw<InputException>(() => new DcnV2(shape, new DcnV2Options { Experts = 4 })).Message.ShouldContain("rank");
    }

    // R^2 of x1 x2 x3 after training a cross network with a linear unit on it.
    private static float Explained(int layers)
    {
        manual_seed(5);
        using var network = new CrossNetwork(Enumerable.Range(0, layers).Select(_ => new Dense(3, 3, Initializers.Normal(0.3))));
        using var output = new Dense(3, 1, Initializers.Normal(0.3));
        var x = (rand(1000, 3) * 2) - 1;
        var y = x.prod(1);
        using var optimizer = optim.Adam(network.parameters().Concat(output.parameters()), 0.03);
        Tensor Error() => (output.forward(network.forward(x)).squeeze(1) - y).square().mean();
        for (var step = 0; step < 600; step++)
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            Error().backward();
            optimizer.step();
        }

        return 1 - (Error() / y.var()).item<float>();
    }
}
