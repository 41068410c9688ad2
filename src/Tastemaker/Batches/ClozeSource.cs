using Tastemaker.Data;

namespace Tastemaker.Batches;

/// <summary>
/// Users' newest items with some of them masked, which are to be told (the Cloze task; Sun et al. 2019, section 3.6). Every epoch each user with two items or more comes once with new masks, in batches of sequences of like length.
/// </summary>
/// <param name="train">Users' items in order of time.</param>
/// <param name="batchSize">Users per batch.</param>
/// <param name="length">Items of a sequence at most, the newest.</param>
/// <param name="share">Probability that a place is masked; one is at least.</param>
/// <param name="lastShare">Share of sequences in which the last place alone is masked.</param>
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
        var longest = 0;
        foreach (var user in chosen.Span)
        {
            longest = Math.Max(longest, Length(user));
        }

        batch.Fill(chosen.Length, longest, row => train.ByUser[chosen.Span[row]][^Length(chosen.Span[row])..]);
        batch.TargetBuffer.Clear();
        batch.NegativeBuffer.Clear();
        batch.PlaceBuffer.Clear();
        for (var row = 0; row < chosen.Length; row++)
        {
            var (first, end) = (((row + 1) * longest) - Length(chosen.Span[row]), (row + 1) * longest);
            var (lastOnly, sure) = (random.NextDouble() < lastShare, first + random.Next(end - first));
            for (var place = first; place < end; place++)
            {
                if (lastOnly ? place == end - 1 : place == sure || random.NextDouble() < share)
                {
                    batch.PlaceBuffer.Add(place);
                    batch.TargetBuffer.Add(batch.ItemBuffer[place]);
                    batch.ItemBuffer[place] = train.ItemCount;
                }
            }
        }
    }
}
