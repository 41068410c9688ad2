using Tastemaker.Batches.Sampling;
using Tastemaker.Data;

namespace Tastemaker.Batches;

/// <summary>
/// Comparisons: a pair that was seen, and items the same user does not have, drawn anew every epoch (Rendle et al. 2009, figure 4). Users
/// who have every item give no comparison.
/// </summary>
public sealed class PairwiseSource : IBatchSource<PairwiseBatch>
{
    private readonly int batchSize;
    private readonly int negatives;
    private readonly PairOrder visit;
    private readonly DistinctPairs pairs;
    private readonly NegativeSampler sampler;
    private readonly BatchPool<PairwiseBatch> pool;
    private readonly int[] order;
    private readonly int[] users;

    /// <summary>Batches of a training set.</summary>
    /// <param name="train">What was seen.</param>
    /// <param name="batchSize">Comparisons a batch.</param>
    /// <param name="negatives">Unseen items in each comparison.</param>
    /// <param name="popularityPower">Unseen items are drawn in proportion to popularity^power; 0 for uniform.</param>
    /// <param name="visit">How an epoch visits the seen pairs.</param>
    /// <param name="onlyMet">Whether items that no user has are never drawn.</param>
    public PairwiseSource(
        TrainingSet train, int batchSize, int negatives = 1, double popularityPower = 0, PairOrder visit = PairOrder.Shuffled, bool onlyMet = false)
    {
        this.batchSize = batchSize;
        this.negatives = negatives;
        this.visit = visit;
        pairs = new DistinctPairs(train.Seen);
        sampler = new NegativeSampler(train, popularityPower, onlyMet);
        pool = new BatchPool<PairwiseBatch>(() => new PairwiseBatch(batchSize, negatives));
        order = new int[pairs.Count];
        users = [.. Enumerable.Range(0, train.UserCount).Where(user => train.Seen.Length(user) > 0)];
    }

    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(order.Length, batchSize);

    /// <inheritdoc/>
    public IEnumerable<PairwiseBatch> Epoch(SeededRandom random)
    {
        if (visit is PairOrder.Shuffled)
        {
            ShuffledBatches.Shuffle(order, random);
        }
        else
        {
            foreach (ref var pair in order.AsSpan())
            {
                pair = visit is PairOrder.WithReplacement ? random.Next(order.Length) : pairs.OfUser(users[random.Next(users.Length)], random);
            }
        }

        return ShuffledBatches.Of<PairwiseBatch, int>(order, batchSize, pool, (batch, examples) => Fill(batch, examples, random));
    }

    private void Fill(PairwiseBatch batch, ReadOnlySpan<int> examples, SeededRandom random)
    {
        batch.Count = 0;
        foreach (var pair in examples)
        {
            var (user, item) = pairs[pair];
            if (!TryDraw(user, batch.NegativeBuffer.AsSpan(batch.Count * negatives, negatives), random))
            {
                continue;
            }

            batch.UserBuffer[batch.Count] = user;
            batch.PositiveBuffer[batch.Count++] = item;
        }
    }

    private bool TryDraw(int user, Span<int> items, SeededRandom random)
    {
        foreach (ref var item in items)
        {
            if (!sampler.TryDraw(user, random, out item))
            {
                return false;
            }
        }

        return true;
    }
}
