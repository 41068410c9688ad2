using BenchmarkDotNet.Attributes;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Training.Optimizers;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Micro;

/// <summary>One step (look-up, loss, gradient, update) on an embedding table of 64 numbers a row: the whole table, or only the touched rows.</summary>
[Config(typeof(ShortJobs))]
public class OptimizerBenchmarks : IDisposable
{
    private const int BatchSize = 1024;
    private Holder model = null!;
    private IOptimizer optimizer = null!;
    private Tensor ids = null!;

    [Params(3_700, 138_493)]
    public int Rows { get; set; }

    [Params(OptimizerKind.Sgd, OptimizerKind.Adagrad, OptimizerKind.Adam)]
    public OptimizerKind Kind { get; set; }

    [Params(RowUpdates.Whole, RowUpdates.Touched)]
    public RowUpdates Updates { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        model = new Holder(Rows) { Table = { RowMode = Updates == RowUpdates.Touched } };
        model.train();
        optimizer = Optimizer.Create(Kind, new ParameterSet(model, model.parameters()));
        ids = randint(Rows, BatchSize, int32).DetachFromDisposeScope();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        ids.Dispose();
        optimizer.Dispose();
        model.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public void Step()
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGradients();
        model.Table.forward(ids).square().mean().backward();
        optimizer.Step(0.01);
        optimizer.ZeroGradients();
    }

    private sealed class Holder : nn.Module
    {
        public Holder(int rows)
            : base(nameof(Holder))
        {
            Table = new EmbeddingTable(rows, 64, weights => nn.init.normal_(weights, 0, 0.1));
            register_module("table", Table);
        }

        public EmbeddingTable Table { get; }
    }
}
