using System.Diagnostics;
using Tastemaker.Batches;
using Tastemaker.Options;
using Tastemaker.Training;
using Tastemaker.Training.Optimizers;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Measuring;

/// <summary>Steps on batches made beforehand, in turn: what the mathematics costs without anything around it.</summary>
internal sealed class BareSteps<TBatch> : IDisposable
    where TBatch : Batch
{
    private readonly Model model;
    private readonly Func<TBatch, Tensor> loss;
    private readonly IReadOnlyList<TBatch> batches;
    private readonly double rate;
    private readonly IOptimizer optimizer;
    private readonly Samples whole = new();
    private readonly Samples forward = new();
    private readonly Samples backward = new();
    private readonly Samples update = new();
    private int next;

    public BareSteps(Model model, Func<TBatch, Tensor> loss, GradientModelOptions options, IReadOnlyList<TBatch> batches)
    {
        (this.model, this.loss, this.batches, rate) = (model, loss, batches, options.LearningRate);
        optimizer = Optimizer.Create(options.Optimizer, new ParameterSet(model, model.parameters()), options.Momentum, options.WeightDecay);
    }

    public double Seconds => whole.Median;

    public double Forward => forward.Median;

    public double Backward => backward.Median;

    public double Update => update.Median;

    public void Forget()
    {
        foreach (var samples in new[] { whole, forward, backward, update })
        {
            samples.Clear();
        }
    }

    public void Run(double seconds)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds;)
        {
            Step();
        }
    }

    public void Dispose() => optimizer.Dispose();

    private void Step()
    {
        var begin = Stopwatch.GetTimestamp();
        using var scope = NewDisposeScope();
        var batch = batches[next++ % batches.Count];
        batch.Load(CPU);
        optimizer.ZeroGradients();
        var value = loss(batch);
        _ = value.item<float>();
        var computed = Stopwatch.GetTimestamp();
        value.backward();
        var derived = Stopwatch.GetTimestamp();
        optimizer.Step(rate);
        optimizer.ZeroGradients();
        var end = Stopwatch.GetTimestamp();
        forward.Add(Stopwatch.GetElapsedTime(begin, computed).TotalSeconds);
        backward.Add(Stopwatch.GetElapsedTime(computed, derived).TotalSeconds);
        update.Add(Stopwatch.GetElapsedTime(derived, end).TotalSeconds);
        whole.Add(Stopwatch.GetElapsedTime(begin, end).TotalSeconds);
    }
}
