using Tastemaker.Data;

namespace Tastemaker.Batches;

/// <summary>
/// The newest items of users with some of them masked: a model learns the masked items (the Cloze task; Sun et al. 2019, section 3.6). An epoch visits each user with at least two items once, with new masks. A batch holds sequences of similar length.
/// </summary>
/// <param name="train">Users' items in order of time.</param>
/// <param name="batchSize">Users per batch.</param>
/// <param name="length">Most items of a sequence; of longer histories the newest are used.</param>
/// <param name="share">Probability that a place is masked. One random place of each sequence is always masked.</param>
/// <param name="lastShare">Fraction of sequences in which only the last place is masked.</param>
internal sealed class ClozeSource(TrainingSet train, int batchSize, int length, double share, double lastShare) : IBatchSource<SequenceBatch>
{
    private readonly int[] users = [.. Enumerable.Range(0, train.UserCount).Where(user => train.ByUser.Length(user) > 1)];
    private readonly BatchPool<SequenceBatch> pool = new(() => new SequenceBatch());

    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(users.Length, batchSize);

    /// <inheritdoc/>
    public IEnumerable<SequenceBatch> Epoch(SeededRandom random)
    {
        foreach (var some in ShuffledBatches.OfLikeLength(users, batchSize, Length, random))
        {
            var batch = pool.Rent();
            Fill(batch, some, random);
            yield return batch;
        }
    }

    private int Length(int user) => Math.Min(length, train.ByUser.Length(user));

    private void Fill(SequenceBatch batch, ReadOnlyMemory<int> chosen, SeededRandom random)
    {
        batch.Fill(chosen.Length, row => train.ByUser[chosen.Span[row]][^Length(chosen.Span[row])..]);
        batch.TargetBuffer.Clear();
        batch.NegativeBuffer.Clear();
        batch.PlaceBuffer.Clear();
        for (var row = 0; row < chosen.Length; row++)
        {
            var (first, end) = (((row + 1) * batch.Length) - Length(chosen.Span[row]), (row + 1) * batch.Length);
            var (lastOnly, always) = (random.NextDouble() < lastShare, first + random.Next(end - first));
            for (var place = first; place < end; place++)
            {
                if (lastOnly ? place == end - 1 : place == always || random.NextDouble() < share)
                {
                    batch.PlaceBuffer.Add(place);
                    batch.TargetBuffer.Add(batch.ItemBuffer[place]);
                    batch.ItemBuffer[place] = train.ItemCount;
                }
            }
        }
    }
}
