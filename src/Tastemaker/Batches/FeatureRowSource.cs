using Tastemaker.Batches.Sampling;
using Tastemaker.Data;
using Tastemaker.Features;

namespace Tastemaker.Batches;

/// <summary>
/// Rows of features: every training interaction once an epoch, in a random order, with its label. Where the data holds only positives,
/// each row has label 1 and is followed by rows with label 0 that differ in the item alone, one the user does not have. Histories are
/// the positives before the row.
/// </summary>
internal sealed class FeatureRowSource : IBatchSource<FeatureBatch>
{
    private readonly TrainingSet train;
    private readonly FeatureSpace space;
    private readonly EncodedFeatures contexts;
    private readonly PastItems past;
    private readonly NegativeSampler? sampler;
    private readonly BatchPool<FeatureBatch> pool;
    private readonly int batchSize;
    private readonly int copies;
    private readonly float[]? weights;
    private readonly int[] order;

    /// <summary>Batches of a training set.</summary>
    /// <param name="train">What was seen.</param>
    /// <param name="space">The fields.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="negatives">Rows with label 0 for each positive; ignored for labelled data.</param>
    /// <param name="weights">The importance of each training row; null for 1. Drawn negatives have 1.</param>
    public FeatureRowSource(TrainingSet train, FeatureSpace space, int batchSize, int negatives, float[]? weights = null)
    {
        this.weights = weights;
        this.train = train;
        this.space = space;
        this.batchSize = batchSize;
        contexts = space.Contexts(train.Data);
        past = new PastItems(train.ByUser, space.HistoryIndexes, ofTraining: true);
        sampler = train.Data.IsLabelled ? null : new NegativeSampler(train, 0);
        copies = sampler is null ? 1 : 1 + negatives;
        pool = new BatchPool<FeatureBatch>(() => new FeatureBatch(space, batchSize));
        if ((long)train.Interactions.Count * copies > Array.MaxLength)
        {
            throw new InputException($"{train.Interactions.Count:N0} interactions with {negatives} negatives each are more rows than an epoch can hold; use fewer negatives.");
        }

        order = new int[train.Interactions.Count * copies];
    }

    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(order.Length, batchSize);

    /// <inheritdoc/>
    public IEnumerable<FeatureBatch> Epoch(SeededRandom random)
    {
        ShuffledBatches.Shuffle(order, random);
        return ShuffledBatches.Of<FeatureBatch, int>(order, batchSize, pool, (batch, examples) => Fill(batch, examples, random));
    }

    private void Fill(FeatureBatch batch, ReadOnlySpan<int> examples, SeededRandom random)
    {
        batch.Clear();
        var rows = train.Interactions;
        Span<int> history = new int[space.HistoryLength];
        foreach (var example in examples)
        {
            var (row, draw) = Math.DivRem(example, copies);
            var (user, item) = (rows.Users[row], rows.Items[row]);
            var length = past.Before(user, item, rows.HasTimes ? rows.Times[row] : 0, history);
            if (draw > 0 && !sampler!.TryDraw(user, random, out item))
            {
                continue; // the user has every item: there is no negative to learn from
            }

            var label = draw > 0 ? 0 : sampler is null ? rows.Values[row] : 1;
            batch.Add(new RowParts(space.Users, user, space.Items, item, contexts, row, history[..length]), item, label, draw > 0 ? 1 : weights?[row] ?? 1);
        }
    }
}
