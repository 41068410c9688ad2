namespace Tastemaker.Batches;

/// <summary>Batches that are filled, used and handed back again and again. Thread-safe.</summary>
/// <param name="make">Makes an empty batch when none is at hand.</param>
internal sealed class BatchPool<TBatch>(Func<TBatch> make)
    where TBatch : Batch
{
    private readonly Stack<TBatch> free = new();

    /// <summary>A batch, with whatever its last user left in it; <see cref="Batch.Dispose"/> brings it back.</summary>
    public TBatch Rent()
    {
        lock (free)
        {
            if (free.TryPop(out var batch))
            {
                return batch;
            }
        }

        var made = make();
        made.Return = Return;
        return made;
    }

    private void Return(Batch batch)
    {
        lock (free)
        {
            free.Push((TBatch)batch);
        }
    }
}
