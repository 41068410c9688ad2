using Tastemaker.Data;

namespace Tastemaker.Batches;

/// <summary>What sources share that visit examples in a random order: the order, and its batches.</summary>
internal static class ShuffledBatches
{
    private const int SortedTogether = 32; // batches among which examples are sorted by length

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

    /// <summary>Batches of examples of like length, so that little is padding, in random order.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="batchSize">Examples per batch.</param>
    /// <param name="length">The length of one.</param>
    /// <param name="random">The stream of the epoch.</param>
    public static IEnumerable<ReadOnlyMemory<int>> OfLikeLength(int[] examples, int batchSize, Func<int, int> length, SeededRandom random)
    {
        var order = (int[])examples.Clone();
        random.Shuffle<int>(order);
        for (var first = 0; first < order.Length; first += SortedTogether * batchSize)
        {
            order.AsSpan(first, Math.Min(SortedTogether * batchSize, order.Length - first)).Sort((one, other) => length(one).CompareTo(length(other)));
        }

        int[] starts = [.. Enumerable.Range(0, Count(order.Length, batchSize)).Select(batch => batch * batchSize)];
        random.Shuffle<int>(starts);
        return starts.Select(start => (ReadOnlyMemory<int>)order.AsMemory(start, Math.Min(batchSize, order.Length - start)));
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
