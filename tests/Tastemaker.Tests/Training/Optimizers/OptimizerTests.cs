using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training.Optimizers;

[Collection(nameof(SerialTorch))]
public sealed class OptimizerTests
{
    private sealed class Net : nn.Module
    {
        public readonly EmbeddingTable Table = new(12, 4, weights => nn.init.normal_(weights, 0, 1));
        private readonly Linear layer = nn.Linear(4, 3);

        public Net(bool byRow)
            : base(nameof(Net))
        {
            RegisterComponents();
            Table.RowMode = byRow;
        }

        public Tensor Loss(Tensor first, Tensor second) =>
            (layer.forward(Table.forward(first)).tanh().sum(-1) * Table.forward(second).sum(-1)).square().sum() / first.shape[0];
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd, 0.0, 0.0)]
    [InlineData(OptimizerKind.Sgd, 0.9, 0.01)]
    [InlineData(OptimizerKind.Adam, 0.0, 0.0)]
    [InlineData(OptimizerKind.Adam, 0.0, 0.1)]
    [InlineData(OptimizerKind.AdamW, 0.0, 0.1)]
    [InlineData(OptimizerKind.AdaDelta, 0.0, 0.01)]
    [InlineData(OptimizerKind.RmsProp, 0.0, 0.01)]
    public void Equals_the_optimizer_of_TorchSharp(OptimizerKind kind, double momentum, double decay)
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = Twins(false, false);
        using var optimizer = Optimizer.Create(kind, new ParameterSet(ours, ours.parameters()), momentum, decay);
        using optim.Optimizer reference = kind switch
        {
            OptimizerKind.Sgd => optim.SGD(theirs.parameters(), 0.01, momentum, weight_decay: decay),
            OptimizerKind.Adam => optim.Adam(theirs.parameters(), 0.01, weight_decay: decay),
            OptimizerKind.AdaDelta => optim.Adadelta(theirs.parameters(), 0.01, 0.95, 1e-6, decay),
            OptimizerKind.RmsProp => optim.RMSProp(theirs.parameters(), 0.01, 0.9, 1e-8, decay),
            _ => optim.AdamW(theirs.parameters(), 0.01, weight_decay: decay),
        };

        for (var step = 0; step < 60; step++)
        {
            var (first, second) = (randint(0, 12, 6), randint(0, 12, 6));
            Step(ours, optimizer, 0.01, first, second);
            reference.zero_grad();
            theirs.Loss(first, second).backward();
            reference.step();
        }

        Difference(ours, theirs).ShouldBeLessThan(2e-5);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    public void Adagrad_starts_at_zero_with_epsilon_inside_the_root(double momentum)
    {
        using var scope = NewDisposeScope();
        using var net = nn.Linear(1, 1, hasBias: false);
        using var grad = no_grad();
        net.weight.fill_(3);
        using var optimizer = Optimizer.Create(OptimizerKind.Adagrad, new ParameterSet(net, net.parameters()), momentum);
        var (weight, accumulator, velocity) = (3.0, 0.0, 0.0);
        foreach (var gradient in new[] { 1e-3, -2, 0.5, 0 })
        {
            net.weight.grad = full([1, 1], gradient);
            optimizer.Step(0.1);
            optimizer.ZeroGradients();
            accumulator += gradient * gradient;
            velocity = (momentum * velocity) - (0.1 * gradient / Math.Sqrt(accumulator + 1e-6));
            weight += velocity;
            net.weight.item<float>().ShouldBe((float)weight, 1e-6f);
        }
    }

    [Fact]
    public void Adagrad_divides_by_what_its_accumulator_began_at_too()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Linear(1, 1, hasBias: false);
        using var grad = no_grad();
        net.weight.fill_(3);
        using var optimizer = new Tastemaker.Training.Optimizers.Adagrad(new ParameterSet(net, net.parameters()), 0, 0, initialAccumulator: 5);
        net.weight.grad = full([1, 1], 2.0f);

        optimizer.Step(0.3);

        net.weight.item<float>().ShouldBe(3 - (0.3f * 2 / 3), 1e-6f); // sqrt(5 + 2^2) = 3
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd, 1)]
    [InlineData(OptimizerKind.Sgd, 2)]
    [InlineData(OptimizerKind.Adagrad, 3)]
    [InlineData(OptimizerKind.Adagrad, 4)]
    public void Touched_rows_equal_whole_tables_with_repeated_ids_and_several_look_ups(OptimizerKind kind, int seed) =>
        Compare(kind, seed, () => (randint(0, 12, 6), randint(0, 12, 6))).ShouldBeLessThan(2e-6);

    [Theory]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.AdamW)]
    public void Touched_Adam_equals_whole_Adam_where_every_step_touches_every_row(OptimizerKind kind) =>
        Compare(kind, 5, () => (randperm(12), randperm(12)), decay: 0.05).ShouldBeLessThan(2e-5);

    [Fact]
    public void Touched_Adam_leaves_other_rows_and_their_moments_alone()
    {
        using var scope = NewDisposeScope();
        var (net, _) = Twins(true, true);
        using var optimizer = Optimizer.Create(OptimizerKind.Adam, new ParameterSet(net, net.parameters()));
        Step(net, optimizer, 0.1, tensor([0, 1, 2]), tensor([3, 3, 3]));
        var before = net.Table.Weight.clone();
        Step(net, optimizer, 0.1, tensor([4, 5, 5]), tensor([6, 6, 7]));

        var moved = (net.Table.Weight - before).abs().sum(1).data<float>().ToArray();
        moved[..4].ShouldAllBe(distance => distance == 0);
        moved[4..8].ShouldAllBe(distance => distance > 0);
        moved[8..].ShouldAllBe(distance => distance == 0);
    }

    [Fact]
    public void A_table_read_as_a_whole_in_row_mode_is_a_clear_error()
    {
        using var scope = NewDisposeScope();
        var (net, _) = Twins(true, true);
        using var optimizer = Optimizer.Create(OptimizerKind.Sgd, new ParameterSet(net, net.parameters()));
        net.Table.Weight.sum().backward();

        Should.Throw<InvalidOperationException>(() => optimizer.Step(0.1)).Message.ShouldContain(nameof(EmbeddingTable.AlwaysWhole));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Clipping_bounds_the_norm_of_all_gradients_together_and_keeps_their_direction(bool byRow)
    {
        using var scope = NewDisposeScope();
        var (net, free) = Twins(byRow, false);
        var (parameters, unclipped) = (new ParameterSet(net, net.parameters()), new ParameterSet(free, free.parameters()));
        using var clipped = Optimizer.Create(OptimizerKind.Sgd, parameters);
        using var plain = Optimizer.Create(OptimizerKind.Sgd, unclipped);
        var (first, second) = (tensor([1, 1, 2]), tensor([3, 2, 2]));
        (net.Loss(first, second) * 100).backward();
        parameters.Clip(0.5);
        (free.Loss(first, second) * 100).backward();
        var norm = Math.Sqrt(free.parameters().Sum(parameter => (double)parameter.grad!.square().sum().item<float>()));

        clipped.Step(1);
        plain.Step(0.5 / norm);

        norm.ShouldBeGreaterThan(0.5);
        Difference(net, free).ShouldBeLessThan(1e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_last_until_they_are_zeroed(bool byRow)
    {
        using var scope = NewDisposeScope();
        var (net, _) = Twins(byRow, byRow);
        using var optimizer = Optimizer.Create(OptimizerKind.Sgd, new ParameterSet(net, net.parameters()));
        var start = net.Table.Weight.clone();
        net.Loss(tensor([1, 1, 2]), tensor([3, 2, 2])).backward();
        optimizer.Step(0.1);
        var once = net.Table.Weight - start;
        optimizer.Step(0.1);

        (net.Table.Weight - start - (2 * once)).abs().max().item<float>().ShouldBeLessThan(1e-6f);
        once.abs().max().item<float>().ShouldBeGreaterThan(0);
        optimizer.ZeroGradients();
        start = net.Table.Weight.clone();
        optimizer.Step(0.1);
        (net.Table.Weight - start).abs().max().item<float>().ShouldBe(0);
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Adagrad)]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.RowWiseAdagrad)]
    [InlineData(OptimizerKind.AdaDelta)]
    [InlineData(OptimizerKind.RmsProp)]
    public void State_carries_over(OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        var (one, two) = Twins(true, true);
        using var first = Optimizer.Create(kind, new ParameterSet(one, one.parameters()), 0.5);
        Step(one, first, 0.05, tensor([0, 1, 2]), tensor([3, 3, 3]));
        two.load_state_dict(one.state_dict());
        using var second = Optimizer.Create(kind, new ParameterSet(two, two.parameters()), 0.5);
        second.Restore(first.State());

        Step(one, first, 0.05, tensor([0, 5, 2]), tensor([3, 3, 3]));
        Step(two, second, 0.05, tensor([0, 5, 2]), tensor([3, 3, 3]));

        Difference(one, two).ShouldBe(0);
    }

    private static double Compare(OptimizerKind kind, int seed, Func<(Tensor, Tensor)> ids, double decay = 0)
    {
        using var scope = NewDisposeScope();
        var (whole, touched) = Twins(false, true, seed);
        using var one = Optimizer.Create(kind, new ParameterSet(whole, whole.parameters()), 0, decay);
        using var two = Optimizer.Create(kind, new ParameterSet(touched, touched.parameters()), 0, decay);
        for (var step = 0; step < 40; step++)
        {
            var (first, second) = ids();
            Step(whole, one, 0.01, first, second);
            Step(touched, two, 0.01, first, second);
        }

        return Difference(whole, touched);
    }

    private static void Step(Net net, IOptimizer optimizer, double rate, Tensor first, Tensor second)
    {
        optimizer.ZeroGradients();
        net.Loss(first, second).backward();
        optimizer.Step(rate);
        optimizer.ZeroGradients();
    }

    private static (Net One, Net Two) Twins(bool oneByRow, bool twoByRow, int seed = 1)
    {
        manual_seed(seed);
        var (one, two) = (new Net(oneByRow), new Net(twoByRow));
        two.load_state_dict(one.state_dict());
        return (one, two);
    }

    private static double Difference(Net one, Net two) =>
        one.parameters().Zip(two.parameters()).Max(pair => (pair.First - pair.Second).abs().max().item<float>());
}
