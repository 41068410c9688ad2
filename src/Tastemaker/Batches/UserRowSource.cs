using Tastemaker.Data;

namespace Tastemaker.Batches;

/// <summary>Whole rows, as autoencoders read them: every row once an epoch, in random order; empty ones only where asked for.</summary>
public sealed class UserRowSource : IBatchSource<UserRowBatch>
{
    private readonly SparseRows rows;
    private readonly int batchSize;
    private readonly int[] users;
    private readonly int[] order;
    private readonly BatchPool<UserRowBatch> pool;

    /// <summary>Batches of rows.</summary>
    /// <param name="rows">A row a user (or item), usually <see cref="TrainingSet.Seen"/>, or <see cref="TrainingSet.Rated"/> where values matter.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="withEmpty">Whether empty rows are there to learn from too.</param>
    public UserRowSource(SparseRows rows, int batchSize, bool withEmpty = false)
    {
        this.rows = rows;
        this.batchSize = batchSize;
        users = [.. Enumerable.Range(0, rows.RowCount).Where(user => withEmpty || rows.Length(user) > 0)];
        order = new int[users.Length];
        pool = new BatchPool<UserRowBatch>(() => new UserRowBatch(batchSize));
    }

    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(users.Length, batchSize);

    /// <inheritdoc/>
    public IEnumerable<UserRowBatch> Epoch(SeededRandom random)
    {
        users.CopyTo(order, 0);
        random.Shuffle<int>(order);
        return ShuffledBatches.Of<UserRowBatch, int>(order, batchSize, pool, Fill);
    }

    private void Fill(UserRowBatch batch, ReadOnlySpan<int> chosen)
    {
        batch.Count = chosen.Length;
        for (var row = 0; row < chosen.Length; row++)
        {
            batch.UserBuffer[row] = chosen[row];
            batch.OffsetBuffer[row + 1] = batch.OffsetBuffer[row] + rows.Length(chosen[row]);
        }

        Reserve(batch, batch.OffsetBuffer[chosen.Length]);
        for (var row = 0; row < chosen.Length; row++)
        {
            var start = batch.OffsetBuffer[row];
            rows[chosen[row]].CopyTo(batch.ItemBuffer.AsSpan(start));
            if (rows.HasValues)
            {
                rows.RowValues(chosen[row]).CopyTo(batch.ValueBuffer.AsSpan(start));
            }
        }
    }

    private static void Reserve(UserRowBatch batch, int entries)
    {
        if (batch.ItemBuffer.Length < entries)
        {
            var size = Math.Max(entries, batch.ItemBuffer.Length * 2); // doubled, so that growing soon ends
            batch.ItemBuffer = new int[size];
            batch.ValueBuffer = new float[size];
            Array.Fill(batch.ValueBuffer, 1);
        }
    }
}
