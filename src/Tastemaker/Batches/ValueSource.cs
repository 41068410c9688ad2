using Tastemaker.Data;

namespace Tastemaker.Batches;

/// <summary>Single examples of explicit feedback: every interaction with its value as the label (1 where the data has none), in random order.</summary>
/// <param name="train">The interactions.</param>
/// <param name="batchSize">Examples a batch.</param>
internal sealed class ValueSource(TrainingSet train, int batchSize) : IBatchSource<PointwiseBatch>
{
    private readonly BatchPool<PointwiseBatch> pool = new(() => new PointwiseBatch(batchSize));
    private readonly int[] order = new int[train.Interactions.Count];

    /// <inheritdoc/>
    public int BatchesAnEpoch => (order.Length + batchSize - 1) / batchSize;

    /// <inheritdoc/>
    public IEnumerable<PointwiseBatch> Epoch(SeededRandom random)
    {
        for (var index = 0; index < order.Length; index++)
        {
            order[index] = index;
        }

        random.Shuffle<int>(order);
        for (var start = 0; start < order.Length; start += batchSize)
        {
            var batch = pool.Rent();
            Fill(batch, order.AsSpan(start, Math.Min(batchSize, order.Length - start)));
            yield return batch;
        }
    }

    private void Fill(PointwiseBatch batch, ReadOnlySpan<int> rows)
    {
        var interactions = train.Interactions;
        batch.Count = rows.Length;
        for (var index = 0; index < rows.Length; index++)
        {
            batch.UserBuffer[index] = interactions.Users[rows[index]];
            batch.ItemBuffer[index] = interactions.Items[rows[index]];
            batch.LabelBuffer[index] = interactions.HasValues ? interactions.Values[rows[index]] : 1;
        }
    }
}
