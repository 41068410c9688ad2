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
    public int BatchesAnEpoch => ShuffledBatches.Count(order.Length, batchSize);

    /// <inheritdoc/>
    public IEnumerable<PointwiseBatch> Epoch(SeededRandom random)
    {
        ShuffledBatches.Shuffle(order, random);
        return ShuffledBatches.Of<PointwiseBatch, int>(order, batchSize, pool, Fill);
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
