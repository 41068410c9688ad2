using Tastemaker.Data;
using Tastemaker.Nn;
using Tastemaker.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training.Optimizers;

public sealed class FtrlTests
{
    private sealed class Weights : nn.Module
    {
        private readonly EmbeddingTable table = new(12, 3, Initializers.Zeros);

        public Weights()
            : base(nameof(Weights)) => RegisterComponents();

        public EmbeddingTable Table => table;

        public Parameter Values => table.Weight;
    }

    private static void Step(Weights weights, Ftrl optimizer, float[] gradient, double alpha)
    {
        using var scope = NewDisposeScope();
        weights.Values.grad = tensor(gradient, [12, 3]);
        optimizer.Step(alpha);
        optimizer.ZeroGradients();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_penalties_it_is_gradient_descent_with_a_step_size_a_coordinate(bool usesTorch)
    {
        using var weights = new Weights();
        using var optimizer = new Ftrl(new ParameterSet(weights, weights.parameters()), 1, 0, 0) { UsesTorch = usesTorch };
        var (expected, squares, random) = (new double[36], new double[36], new SeededRandom(4));
        for (var step = 0; step < 1000; step++)
        {
            // The gradient of a quadratic with noise, so that weights stay bounded.
            var gradient = Array.ConvertAll(expected, weight => (float)(0.1 * weight) + (float)(random.NextDouble() - 0.5));
            Step(weights, optimizer, gradient, 0.2);
            for (var index = 0; index < 36; index++)
            {
                squares[index] += (double)gradient[index] * gradient[index];
                expected[index] -= 0.2 / (1 + Math.Sqrt(squares[index])) * gradient[index];
            }
        }

        var values = weights.Values.data<float>().ToArray();
        for (var index = 0; index < 36; index++)
        {
            values[index].ShouldBe((float)expected[index], 2e-4f);
        }
    }

    [Fact]
    public void One_pass_torch_and_rows_agree()
    {
        float[][] results = [.. new[] { (false, false), (true, false), (false, true), (true, true) }.Select(way => Trained(way.Item1, way.Item2))];

        results[0].Count(weight => weight == 0).ShouldBeInRange(1, 35);
        foreach (var other in results[1..])
        {
            for (var index = 0; index < 36; index++)
            {
                other[index].ShouldBe(results[0][index], 1e-5f);
            }
        }
    }

    [Fact]
    public void Weights_with_little_evidence_are_exactly_0()
    {
        using var weights = new Weights();
        using var optimizer = new Ftrl(new ParameterSet(weights, weights.parameters()), 1, 2, 0);
        for (var step = 0; step < 10; step++)
        {
            // The sum of gradients of the first half stays at 1, that of the second reaches 5.
            Step(weights, optimizer, [.. Enumerable.Range(0, 36).Select(index => index < 18 ? 0.1f : 0.5f)], 0.1);
        }

        var values = weights.Values.data<float>().ToArray();
        values[..18].ShouldAllBe(weight => weight == 0);
        values[18..].ShouldAllBe(weight => weight < 0);
    }

    private static float[] Trained(bool usesTorch, bool byRow)
    {
        using var weights = new Weights();
        weights.Table.RowMode = byRow;
        using var optimizer = new Ftrl(new ParameterSet(weights, weights.parameters()), 1, 0.3, 0.1) { UsesTorch = usesTorch };
        var random = new SeededRandom(9);
        weights.train();
        for (var step = 0; step < 30; step++)
        {
            using var scope = NewDisposeScope();
            var rows = tensor(new[] { random.Next(12), random.Next(12), random.Next(12) });
            var target = tensor(Enumerable.Range(0, 9).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray(), [3, 3]);
            (weights.Table.forward(rows) * 0.5 + target).square().sum().backward();
            optimizer.Step(0.2);
            optimizer.ZeroGradients();
        }

        return weights.Values.data<float>().ToArray();
    }
}
