using Tastemaker.Data;

namespace Tastemaker.Batches;

/// <summary>What sources share that visit examples in a random order: the order, and its batches.</summary>
internal static class ShuffledBatches
{
    /// <summary>Fills a batch with examples; where none of them can be learned from, its count stays 0.</summary>
    public delegate void Fill<in TBatch, TExample>(TBatch batch, ReadOnlySpan<TExample> examples);

    /// <summary>Batches of an epoch.</summary>
    /// <param name="examples">Examples of the epoch.</param>
    /// <param name="batchSize">Examples per batch.</param>
    public static int Count(int examples, int batchSize) => (examples + batchSize - 1) / batchSize;

    /// <summary>The numbers from 0 on in a random order; from the same start each time, so that an epoch depends on its own stream alone.</summary>
    public static void Shuffle(int[] order, SeededRandom random)
    {
        for (var index = 0; index < order.Length; index++)
        {
            order[index] = index;
        }

        random.Shuffle<int>(order);
    }

    /// <summary>The batches of examples that are in order already; those that stay empty are left out.</summary>
    public static IEnumerable<TBatch> Of<TBatch, TExample>(TExample[] order, int batchSize, BatchPool<TBatch> pool, Fill<TBatch, TExample> fill)
        where TBatch : Batch
    {
        for (var start = 0; start < order.Length; start += batchSize)
        {
            var batch = pool.Rent();
            fill(batch, order.AsSpan(start, Math.Min(batchSize, order.Length - start)));
            if (batch.Count > 0)
            {
                yield return batch;
            }
            else
            {
                batch.Dispose();
            }
        }
    }
}
