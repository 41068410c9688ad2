using Tastemaker.Batches;
using Tastemaker.Training.Optimizers;
using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>The steps of an epoch: batch, loss, gradient, clipping, update; one dispose scope each.</summary>
/// <param name="system">Named in errors.</param>
/// <param name="parameters">What is trained.</param>
/// <param name="optimizer">Updates <paramref name="parameters"/>; disposed with this.</param>
/// <param name="learningRate">Learning rate before schedule and warm-up.</param>
/// <param name="clipNorm">Largest norm of the whole gradient; 0 for no clipping.</param>
internal sealed class GradientStep(string system, ParameterSet parameters, IOptimizer optimizer, double learningRate, double clipNorm) : IDisposable
{
    /// <summary>The optimizer.</summary>
    public IOptimizer Optimizer { get; } = optimizer;

    /// <summary>Runs an epoch.</summary>
    /// <param name="source">Its batches.</param>
    /// <param name="context">Epoch, randomness, cancellation, progress.</param>
    /// <param name="loss">The loss of a loaded batch.</param>
    /// <param name="sizeOf">The factor on the learning rate at a step (from 0).</param>
    /// <param name="done">Called after each update with the step (from 1), under no_grad.</param>
    /// <returns>The mean loss an example.</returns>
    public double RunEpoch<TBatch>(
        IBatchSource<TBatch> source, EpochContext context, Func<TBatch, Tensor> loss, Func<int, double> sizeOf, Action<int> done)
        where TBatch : Batch
    {
        using var meter = new LossMeter(system, context.Epoch);
        using var batches = new BatchAhead<TBatch>(source.Epoch(context.Random()));
        for (var step = 0; batches.TryTake(out var batch); step++)
        {
            var count = batch.Count; // read before the batch goes back to be filled anew
            using (batch)
            {
                Run(batch, loss, meter, learningRate * sizeOf(step));
            }

            using (no_grad())
            {
                done(step + 1);
            }

            context.Step(step + 1, Math.Max(step + 1, source.BatchesAnEpoch), meter.Last, count);
            context.Cancellation.ThrowIfCancellationRequested();
        }

        return meter.Mean;
    }

    /// <inheritdoc/>
    public void Dispose() => Optimizer.Dispose();

    // An optimizer of several parts has parameter sets of its own; each set caches gradients.
    private void ForgetGradients()
    {
        parameters.ZeroGradients();
        Optimizer.ZeroGradients();
    }

    private void Run<TBatch>(TBatch batch, Func<TBatch, Tensor> lossOf, LossMeter meter, double rate)
        where TBatch : Batch
    {
        using var scope = NewDisposeScope();
        batch.Load(parameters.Device);
        ForgetGradients();
        var loss = lossOf(batch);
        meter.Add(loss, batch.Count);
        loss.backward();
        if (clipNorm > 0)
        {
            parameters.Clip(clipNorm);
        }

        Optimizer.Step(rate);
        ForgetGradients();
    }
}
