using CsCheck;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training.Optimizers;

[Collection(nameof(SerialTorch))]
public sealed class RowPassTests
{
    private sealed class OneTable : nn.Module
    {
        public readonly EmbeddingTable Table;

        public OneTable(int rows, int dimension)
            : base(nameof(OneTable))
        {
            Table = new EmbeddingTable(rows, dimension, weights => nn.init.normal_(weights, 0, 1)) { RowMode = true };
            RegisterComponents();
            train();
        }

        public Tensor Weight => Table.Weight;
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd, 0.0)]
    [InlineData(OptimizerKind.Sgd, 0.8)]
    [InlineData(OptimizerKind.Adagrad, 0.0)]
    [InlineData(OptimizerKind.Adagrad, 0.8)]
    [InlineData(OptimizerKind.Adam, 0.0)]
    [InlineData(OptimizerKind.AdamW, 0.0)]
    public void One_pass_over_rows_equals_the_operations_that_accelerators_run(OptimizerKind kind, double momentum)
    {
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 35], Gen.Int[1, 90], Gen.Int[0, 1000]).Sample(
            (rows, dimension, batch, seed) =>
            {
                using var scope = NewDisposeScope();
                manual_seed(seed);
                var (one, two) = (new OneTable(rows, dimension), new OneTable(rows, dimension));
                two.load_state_dict(one.state_dict());
                var start = one.Weight.clone();
                using var pass = (Optimizer)Optimizer.Create(kind, new ParameterSet(one, one.parameters()), momentum, 0.01);
                using var operations = (Optimizer)Optimizer.Create(kind, new ParameterSet(two, two.parameters()), momentum, 0.01);
                operations.UsesTorch = true;
                for (var step = 0; step < 5; step++)
                {
                    var ids = randint(0, rows, batch);
                    var target = randn(batch, dimension);
                    Update(one, pass, ids, target);
                    Update(two, operations, ids, target);
                }

                (one.Weight - two.Weight).abs().max().item<float>().ShouldBeLessThan(2e-5f);
                (one.Weight - start).abs().max().item<float>().ShouldBeGreaterThan(0);
            },
            iter: 20, threads: 1);

        static void Update(OneTable net, IOptimizer optimizer, Tensor ids, Tensor target)
        {
            optimizer.ZeroGradients();
            ((net.Table.forward(ids) - target).square().sum() / ids.shape[0]).backward();
            optimizer.Step(0.05);
            optimizer.ZeroGradients();
        }
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd, 0.0)]
    [InlineData(OptimizerKind.Sgd, 0.8)]
    [InlineData(OptimizerKind.Adagrad, 0.0)]
    public void One_pass_over_whole_parameters_equals_the_operations_that_accelerators_run(OptimizerKind kind, double momentum)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (one, two) = (nn.Sequential(nn.Linear(211, 173), nn.Linear(173, 1)), nn.Sequential(nn.Linear(211, 173), nn.Linear(173, 1)));
        two.load_state_dict(one.state_dict());
        using var pass = (Optimizer)Optimizer.Create(kind, new ParameterSet(one, one.parameters()), momentum, 0.01);
        using var operations = (Optimizer)Optimizer.Create(kind, new ParameterSet(two, two.parameters()), momentum, 0.01);
        operations.UsesTorch = true;
        for (var step = 0; step < 5; step++)
        {
            foreach (var (ours, theirs) in one.parameters().Zip(two.parameters()))
            {
                var gradient = ours.dim() == 2 ? randn(ours.shape[1], ours.shape[0]).t() : randn(ours.shape); // one of them not contiguous
                (ours.grad, theirs.grad) = (gradient, gradient.contiguous().clone()); // torch's fused kernels take the layout for granted
            }

            pass.Step(0.05);
            operations.Step(0.05);
            pass.ZeroGradients();
            operations.ZeroGradients();
        }

        foreach (var (ours, theirs) in one.parameters().Zip(two.parameters()))
        {
            (ours - theirs).abs().max().item<float>().ShouldBeLessThan(2e-5f);
        }
    }

    [Fact]
    public void A_pass_on_several_threads_gives_the_bits_of_one_thread()
    {
        using var scope = NewDisposeScope();
        var threads = get_num_threads();
        try
        {
            var results = new[] { 1, 3 }.Select(count =>
            {
                set_num_threads(count);
                manual_seed(3);
                var table = new OneTable(5_000, 19);
                using var optimizer = Optimizer.Create(OptimizerKind.Adam, new ParameterSet(table, table.parameters()));
                table.Table.forward(randint(0, 5_000, 4_000)).pow(3).sum().backward();
                optimizer.Step(0.1);
                return table.Weight;
            }).ToArray();

            results[0].equal(results[1]).all().item<bool>().ShouldBeTrue();
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void Row_wise_Adagrad_keeps_one_mean_square_a_row_and_rests_untouched_rows()
    {
        using var scope = NewDisposeScope();
        var table = new OneTable(3, 2);
        using var optimizer = Optimizer.Create(OptimizerKind.RowWiseAdagrad, new ParameterSet(table, table.parameters()));
        using (no_grad())
        {
            table.Weight.copy_(tensor(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }));
        }

        // d/dw of (3 a - b) on row 0, twice in one step, then once: gradients (6, -2) and (3, -1).
        foreach (var ids in new[] { tensor([0, 0]), tensor([0]) })
        {
            (table.Table.forward(ids) * tensor(new float[] { 3, -1 })).sum().backward();
            optimizer.Step(0.1);
            optimizer.ZeroGradients();
        }

        var (first, second) = (Math.Sqrt(20 + 1e-6), Math.Sqrt(25 + 1e-6)); // (36 + 4) / 2, then + (9 + 1) / 2
        table.Weight[0][0].item<float>().ShouldBe((float)(1 - (0.1 * 6 / first) - (0.1 * 3 / second)), 1e-6f);
        table.Weight[0][1].item<float>().ShouldBe((float)(2 + (0.1 * 2 / first) + (0.1 * 1 / second)), 1e-6f);
        table.Weight.narrow(0, 1, 2).data<float>().ToArray().ShouldBe([3, 4, 5, 6]);
        optimizer.State().Single(pair => pair.Key.EndsWith(".accumulator", StringComparison.Ordinal)).Value.shape.ShouldBe([3]);
    }
}
