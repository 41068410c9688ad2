using Tastemaker.Batches.Sampling;
using Tastemaker.Data;

namespace Tastemaker.Batches;

/// <summary>
/// Single examples: every distinct pair of the training set with label 1, and for each some items the user does not have with label 0, drawn
/// anew every epoch, all in one random order (He et al. 2017, section 4.1).
/// </summary>
public sealed class PointwiseSource : IBatchSource<PointwiseBatch>
{
    private readonly int batchSize;
    private readonly int negatives;
    private readonly DistinctPairs pairs;
    private readonly NegativeSampler sampler;
    private readonly BatchPool<PointwiseBatch> pool;
    private readonly int[] order;

    /// <summary>Batches of a training set.</summary>
    /// <param name="train">What was seen.</param>
    /// <param name="batchSize">Examples a batch, of both labels.</param>
    /// <param name="negatives">Unseen items for each seen one.</param>
    /// <param name="popularityPower">Unseen items are drawn in proportion to popularity^power; 0 for uniform.</param>
    public PointwiseSource(TrainingSet train, int batchSize, int negatives, double popularityPower = 0)
    {
        this.batchSize = batchSize;
        this.negatives = negatives;
        pairs = new DistinctPairs(train.Seen);
        sampler = new NegativeSampler(train, popularityPower);
        pool = new BatchPool<PointwiseBatch>(() => new PointwiseBatch(batchSize));
        if ((long)pairs.Count * (1 + negatives) > Array.MaxLength)
        {
            throw new InputException(
                $"{pairs.Count:N0} interactions with {negatives} negatives each are more examples than an epoch can hold; use fewer negatives.");
        }

        order = new int[pairs.Count * (1 + negatives)];
    }

    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(order.Length, batchSize);

    /// <inheritdoc/>
    public IEnumerable<PointwiseBatch> Epoch(SeededRandom random)
    {
        ShuffledBatches.Shuffle(order, random);
        return ShuffledBatches.Of<PointwiseBatch, int>(order, batchSize, pool, (batch, examples) => Fill(batch, examples, random));
    }

    private void Fill(PointwiseBatch batch, ReadOnlySpan<int> examples, SeededRandom random)
    {
        batch.Count = 0;
        foreach (var example in examples)
        {
            // Example e is pair e / (1 + n) itself where the remainder is 0, and a draw for its user otherwise.
            var (pair, draw) = Math.DivRem(example, 1 + negatives);
            var (user, item) = pairs[pair];
            if (draw > 0 && !sampler.TryDraw(user, random, out item))
            {
                continue; // the user has every item: there is no negative to learn from
            }

            batch.UserBuffer[batch.Count] = user;
            batch.ItemBuffer[batch.Count] = item;
            batch.LabelBuffer[batch.Count++] = draw > 0 ? 0 : 1;
        }
    }
}
