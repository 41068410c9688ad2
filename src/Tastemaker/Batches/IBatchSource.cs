using Tastemaker.Data;

namespace Tastemaker.Batches;

/// <summary>Produces the batches of an epoch. Enumerated on a worker thread, ahead of the step.</summary>
public interface IBatchSource<out TBatch>
    where TBatch : Batch
{
    /// <summary>Batches an epoch (an estimate where the number depends on chance).</summary>
    int BatchesAnEpoch { get; }

    /// <summary>The batches of an epoch in order; all randomness comes from <paramref name="random"/>.</summary>
    IEnumerable<TBatch> Epoch(SeededRandom random);
}
