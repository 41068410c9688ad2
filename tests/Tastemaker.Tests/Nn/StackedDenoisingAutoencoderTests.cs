using Tastemaker.Data;
using Tastemaker.Nn;
using Tastemaker.Options;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public sealed class StackedDenoisingAutoencoderTests
{
    private const int Words = 7;

    // The third row is empty; nobody has word 6.
    private static readonly SparseRows Rows = new([0, 3, 5, 5, 7], [0, 2, 5, 1, 4, 2, 3], Words, [1f, 0.5f, 0.25f, 1f, 0.75f, 0.3f, 1f]);

    public static TheoryData<ReconstructionLoss> Losses => [ReconstructionLoss.CrossEntropy, ReconstructionLoss.SquaredError];

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_loss_of_sparse_targets_and_its_gradients_are_those_of_dense_targets(ReconstructionLoss kind)
    {
        using var scope = NewDisposeScope();
        var (hidden, weight, bias) = (Leaf(4, 3), Leaf(Words, 3), Leaf(Words));
        (3 * SparseReconstruction.Loss(kind, hidden, weight, bias, Input())).backward();
        Tensor[] sparse = [hidden.grad!.clone(), weight.grad!.clone(), bias.grad!.clone()];

        var logits = nn.functional.linear(hidden, weight, bias);
        var dense = kind is ReconstructionLoss.CrossEntropy
            ? nn.functional.binary_cross_entropy_with_logits(logits, Dense(), reduction: nn.Reduction.Sum) / 4
            : (logits.sigmoid() - Dense()).square().sum() / 8;
        SparseReconstruction.Loss(kind, hidden, weight, bias, Input()).ShouldBeClose(dense, 1e-12);
        SparseReconstruction.OfLogits(kind, logits, Input()).ShouldBeClose(dense, 1e-12);
        SparseReconstruction.OfDense(kind, logits, Dense()).ShouldBeClose(dense, 1e-12);

        foreach (var leaf in new[] { hidden, weight, bias })
        {
            leaf.grad = null;
        }

        (3 * dense).backward();
        sparse[0].ShouldBeClose(hidden.grad!, 1e-12);
        sparse[1].ShouldBeClose(weight.grad!, 1e-12);
        sparse[2].ShouldBeClose(bias.grad!, 1e-12);
    }

    [Fact]
    public void The_cross_entropy_survives_logits_at_which_the_logistic_function_is_1()
    {
        using var scope = NewDisposeScope();
        var loss = SparseReconstruction.Loss(ReconstructionLoss.CrossEntropy, ones(4, 1), full(Words, 1, 200f), zeros(Words), SparseInput.Of(Rows, CPU));
        loss.item<float>().ShouldBe(((4 * Words) - Rows.Values.ToArray().Sum()) * 200 / 4, 1e-2f);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Forward_is_the_chain_of_logistic_layers(bool tied)
    {
        using var scope = NewDisposeScope();
        using var network = Network(tied, widths: [5, 4, 3]);
        network.eval();
        var p = network.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);

        var h1 = (Dense().matmul(p["first.rows.weight"]) + p["first.bias"]).sigmoid();
        var h2 = (h1.matmul(p["encoder.0.weight"].t()) + p["encoder.0.bias"]).sigmoid();
        var code = (h2.matmul(p["encoder.1.weight"].t()) + p["encoder.1.bias"]).sigmoid();
        var back2 = tied ? code.matmul(p["encoder.1.weight"]) + p["encoder.0.bias"] : code.matmul(p["decoder.1.weight"].t()) + p["decoder.1.bias"];
        var back1 = tied ? back2.sigmoid().matmul(p["encoder.0.weight"]) + p["first.bias"] : back2.sigmoid().matmul(p["decoder.0.weight"].t()) + p["decoder.0.bias"];
        var logits = back1.sigmoid().matmul(p[tied ? "first.rows.weight" : "output"].t()) + p["bias"];

        network.Encode(Input()).ShouldBeClose(code, 1e-12);
        network.Decode(code).ShouldBeClose(logits, 1e-12);
        network.Reconstruction(code, Input()).ShouldBeClose(SparseReconstruction.OfLogits(ReconstructionLoss.CrossEntropy, logits, Input()), 1e-12);
        network.to(float32);
        tensor(network.EncodeAll(Rows)).reshape(4, 3).ShouldBeClose(code.to(float32), 1e-6);
    }

    [Fact]
    public void An_untied_network_with_the_encoders_weights_is_the_tied_one()
    {
        using var scope = NewDisposeScope();
        using var tied = Network(tied: true);
        using var untied = Network(tied: false);
        using (no_grad())
        {
            var (from, to) = (tied.named_parameters().ToDictionary(), untied.named_parameters().ToDictionary());
            foreach (var (name, parameter) in from)
            {
                to[name].copy_(parameter);
            }

            to["output"].copy_(from["first.rows.weight"]);
            to["decoder.0.weight"].copy_(from["encoder.0.weight"].t());
            to["decoder.0.bias"].copy_(from["first.bias"]);
        }

        tied.eval();
        untied.eval();
        untied.Decode(untied.Encode(Input())).ShouldBeClose(tied.Decode(tied.Encode(Input())), 1e-12);
    }

    [Theory]
    [InlineData(true, ReconstructionLoss.CrossEntropy)]
    [InlineData(false, ReconstructionLoss.SquaredError)]
    public void Gradients_are_those_of_finite_differences(bool tied, ReconstructionLoss kind)
    {
        using var scope = NewDisposeScope();
        using var network = Network(tied, kind);
        network.eval();
        var vectors = rand(4, 3, float64);
        Tensor Loss()
        {
            var codes = network.Encode(Input());
            return network.Reconstruction(codes, Input()) + (5 * (codes - vectors).square().sum());
        }

        Loss().backward();
        foreach (var (name, parameter) in network.named_parameters())
        {
            var start = parameter.detach().clone();
            var differences = Numbers.Differences(
                at =>
                {
                    using var grad = no_grad();
                    parameter.copy_(at);
                    return Loss();
                },
                start);
            using (no_grad())
            {
                parameter.copy_(start);
            }

            (parameter.grad! - differences).abs().max().item<double>().ShouldBeLessThan(1e-6, name);
        }
    }

    [Fact]
    public void A_word_that_nobody_has_has_no_gradient_in_the_encoder()
    {
        using var scope = NewDisposeScope();
        using var network = Network(tied: false);
        network.train();
        network.Reconstruction(network.Encode(network.Corrupted(Input())), Input()).backward();
        var parameters = network.named_parameters().ToDictionary();
        parameters["first.rows.weight"].grad![6].abs().max().item<double>().ShouldBe(0);
        parameters["output"].grad![6].abs().max().item<double>().ShouldBeGreaterThan(0); // it is to be predicted absent
    }

    [Fact]
    public void Masking_makes_a_share_0_and_leaves_the_rest()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var values = full(10_000, 0.5f);
        var masked = SparseInput.Mask(values, 0.3);
        masked.unique().output.Values().ShouldBe([0, 0.5f]);
        (1 - (2 * masked.mean().item<float>())).ShouldBe(0.3f, 0.03f);

        using var network = Network(tied: true);
        network.eval();
        network.Corrupted(Input()).Values.ShouldBeClose(Input().Values, 0);
    }

    [Fact]
    public void Only_networks_with_layers_beside_the_code_drop_units()
    {
        using var scope = NewDisposeScope();
        Spread(Network(tied: true, noise: 0, dropout: 0.5, widths: [3])).ShouldBe(0);
        Spread(Network(tied: true, noise: 0, dropout: 0.5)).ShouldBeGreaterThan(0);

        static double Spread(StackedDenoisingAutoencoder network)
        {
            using (network)
            {
                network.train();
                return (network.Encode(Input()) - network.Encode(Input())).abs().max().item<double>();
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pretraining_a_layer_moves_that_layer_alone(bool tied)
    {
        using var scope = NewDisposeScope();
        using var network = Network(tied, widths: [5, 4, 3]);
        network.train();
        var all = network.named_parameters().ToList();
        var trained = Enumerable.Range(0, network.Layers).Select(layer => network.OfLayer(layer).ToList()).ToList();
        trained.Sum(layer => layer.Count).ShouldBe(all.Count);
        for (var layer = 0; layer < network.Layers; layer++)
        {
            network.zero_grad();
            network.LayerLoss(layer, Input()).backward();
            foreach (var (name, parameter) in all)
            {
                var moves = parameter.grad is { } gradient && gradient.abs().max().item<double>() > 0;
                moves.ShouldBe(trained[layer].Exists(one => one.Handle == parameter.Handle), $"{name} in layer {layer}");
            }
        }
    }

    [Fact]
    public void The_output_begins_at_the_mean_of_each_column()
    {
        using var scope = NewDisposeScope();
        using var network = new StackedDenoisingAutoencoder(3, [2], 0, 0, tied: true, ReconstructionLoss.CrossEntropy);
        network.BeginAtMeans(SparseRows.FromRows([.. Enumerable.Range(0, 99).Select(row => (int[])(row < 50 ? [0] : row < 60 ? [1] : []))], 3));
        network.named_parameters().ToDictionary()["bias"].sigmoid().ShouldBeClose(tensor(new[] { 0.505f, 0.105f, 0.005f }), 1e-6);
    }

    private static StackedDenoisingAutoencoder Network(
        bool tied, ReconstructionLoss kind = ReconstructionLoss.CrossEntropy, double noise = 0.3, double dropout = 0, int[]? widths = null)
    {
        manual_seed(4);
        var network = new StackedDenoisingAutoencoder(Words, widths ?? [5, 3], noise, dropout, tied, kind);
        network.to(float64);
        using var grad = no_grad();
        foreach (var parameter in network.parameters())
        {
            nn.init.normal_(parameter, 0, 0.7);
        }

        return network;
    }

    private static SparseInput Input() => SparseInput.Of(Rows, CPU) with { Values = tensor(Rows.Values.ToArray()).to(float64) };

    private static Tensor Dense()
    {
        var dense = zeros(4, Words, float64);
        for (var row = 0; row < 4; row++)
        {
            for (var entry = 0; entry < Rows.Length(row); entry++)
            {
                dense[row, Rows[row][entry]] = Rows.RowValues(row)[entry];
            }
        }

        return dense;
    }

    private static Tensor Leaf(params long[] shape) => randn(shape, float64).requires_grad_();
}

internal static class NamedParameters
{
    public static Dictionary<string, Parameter> ToDictionary(this IEnumerable<(string name, Parameter parameter)> named) =>
        named.ToDictionary(pair => pair.name, pair => pair.parameter);
}
