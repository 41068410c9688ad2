using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models;

/// <summary>
/// A system that gives a row of features a logit: click prediction. What a system says of itself is <see cref="Logits"/>; rows, loss,
/// probabilities, and scores of the catalog (a row an item) are here.
/// </summary>
internal abstract class FeatureModel : Model, IClickProbabilityModel
{
    private const int RowsAtOnce = PairScorer.PairsAtOnce;

    private readonly FeatureModelOptions options;

    /// <summary>A model of the fields of a shape.</summary>
    protected FeatureModel(string name, ModelShape shape, FeatureModelOptions options)
        : base(name, shape, options)
    {
        this.options = options;
        Space = shape.Get<FittedFields>().Space;
        Scorer = new PairScorer(shape.Items, Pairs);
    }

    /// <inheritdoc/>
    public sealed override EpochPlan Plan => new(options.Epochs);

    /// <summary>The logit ranks as the probability does, without its ties near 0 and 1.</summary>
    public sealed override Scorer Scorer { get; }

    /// <summary>The fields.</summary>
    protected FeatureSpace Space { get; }

    /// <summary>Logits of rows [B].</summary>
    public abstract Tensor Logits(FeatureBatch batch);

    /// <inheritdoc/>
    public override GradientTraining<FeatureBatch> Begin(TrainingSet train, TrainingOptions run) => new(this, options, run, Batches(train), Loss);

    /// <summary>The rows it learns from.</summary>
    protected virtual IBatchSource<FeatureBatch> Batches(TrainingSet train) => new FeatureRowSource(train, Space, options.ExamplesPerUpdate, options.Negatives);

    /// <summary>The loss of a batch of rows.</summary>
    public virtual Tensor Loss(FeatureBatch batch) => Losses.Logistic(Logits(batch), batch.Labels);

    /// <summary>lambda / 2 times the squares of what a row reads, mean over rows: L2 that touches a weight as often as it is used.</summary>
    protected static Tensor L2(double lambda, Tensor read) => read.square().sum() * (lambda / 2 / read.shape[0]);

    private PairScores Pairs(RequestBatch requests)
    {
        var rows = new QueryEncoder(Space, requests);
        FeatureBatch? batch = null;
        return (request, items, scores) =>
        {
            batch = batch?.LabelBuffer.Length >= items.Length ? batch : new FeatureBatch(Space, items.Length); // one for all blocks
            batch.Clear();
            foreach (var item in items)
            {
                batch.Add(rows.With(request, item), item, 0);
            }

            Evaluate(batch, Logits, scores);
        };
    }

    /// <summary>What each visible field does to the logits of some items, for one request: each is left blank in turn, its crosses as they are.</summary>
    /// <param name="request">A batch of one.</param>
    /// <param name="items">The items.</param>
    /// <returns>A row an item, in the order of the fields.</returns>
    public FieldEffect[][] FieldEffects(RequestBatch request, int[] items)
    {
        FeatureField[] fields = [.. Space.Schema.Visible];
        var rows = new QueryEncoder(Space, request);
        var batch = new FeatureBatch(Space, fields.Length + 1);
        var logits = new float[fields.Length + 1];
        var result = new FieldEffect[items.Length][];
        for (var place = 0; place < items.Length; place++)
        {
            var parts = rows.With(0, items[place]);
            batch.Clear();
            batch.Add(parts, items[place], 0);
            foreach (var field in fields)
            {
                batch.Add(parts, items[place], 0, without: field);
            }

            Evaluate(batch, Logits, logits);
            var values = new string?[fields.Length];
            for (var field = 0; field < fields.Length; field++)
            {
                values[field] = Space.InWords(fields[field], parts);
            }

            result[place] = [.. fields.Select((field, number) => new FieldEffect(field.Name, values[number], logits[0] - logits[number + 1]))];
        }

        return result;
    }

    /// <inheritdoc/>
    public void PredictClicks(Dataset impressions, SparseRows histories, Span<float> probabilities) => Predict(impressions, histories, logits => logits.sigmoid(), probabilities);

    /// <summary>Predicts something of logged rows from their logits.</summary>
    /// <param name="impressions">The rows.</param>
    /// <param name="histories">A row a user: the positives in training, oldest first.</param>
    /// <param name="predicted">From logits [n] to predictions [n].</param>
    /// <param name="predictions">Receives a prediction a row.</param>
    protected void Predict(Dataset impressions, SparseRows histories, Func<Tensor, Tensor> predicted, Span<float> predictions)
    {
        var rows = impressions.Interactions;
        var contexts = Space.Contexts(impressions);
        var past = new PastItems(histories, Space.HistoryIndexes, ofTraining: false);
        Span<int> history = new int[Space.HistoryLength];
        var batch = new FeatureBatch(Space, RowsAtOnce);
        for (var first = 0; first < rows.Count; first += RowsAtOnce)
        {
            var count = Math.Min(RowsAtOnce, rows.Count - first);
            batch.Clear();
            for (var row = first; row < first + count; row++)
            {
                var (user, item) = (rows.Users[row], rows.Items[row]);
                var length = past.Before(user, item, rows.HasTimes ? rows.Times[row] : long.MaxValue, history);
                batch.Add(new RowParts(Space.Users, user, Space.Items, item, contexts, row, history[..length]), item, 0);
            }

            Evaluate(batch, loaded => predicted(Logits(loaded)), predictions.Slice(first, count));
        }
    }

    private void Evaluate(FeatureBatch batch, Func<FeatureBatch, Tensor> of, Span<float> results)
    {
        using var scope = NewDisposeScope();
        batch.Load(parameters().First().device);
        of(batch).CopyValues<float>(results);
    }
}
