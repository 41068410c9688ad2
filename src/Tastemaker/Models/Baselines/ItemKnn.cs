using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="ItemKnn"/>.</summary>
public sealed record ItemKnnOptions : NeighborOptions
{
    /// <summary>Items of a history that are scored from, the most recent; 0 for all. 1 makes a strong baseline for sequences.</summary>
    [Range(0, 1_000_000)]
    public int LastItems { get; init; }

    /// <summary>
    /// Whether ratings are predicted, and the catalog ranked by them (Sarwar et al. 2001): the mean of the user's ratings of similar items, weighted by
    /// adjusted cosine. Needs values; the options on similarity, weighting, values and last items have no part then.
    /// </summary>
    [AddedLater]
    public bool PredictRatings { get; init; }
}

/// <summary>
/// Item neighborhoods: score(u, i) = sum over j in the history of r_uj s_ij, where each item i keeps its k most similar s_ij (truncated for the
/// item that is recommended, not for the one in the history) and s_ii = 0. Where ratings are to be predicted, <see cref="RatingItemKnn"/> does it.
/// </summary>
internal sealed class ItemKnn(ModelShape shape, ItemKnnOptions options) : Model(nameof(ItemKnn), shape, options)
{
    // A row an item of the history, a column an item it speaks for: S transposed.
    private SparseRows weights = SparseRows.Empty(shape.Items, shape.Items);

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<ItemKnnOptions>((options, shape) => options.PredictRatings ? new RatingItemKnn(shape, options) : new ItemKnn(shape, options))
    {
        Id = "item-knn",
        Name = "ItemKNN",
        Family = "Baselines",
        Summary = "Recommends the items most like those of the history, by who has them.",
        Paper = "M. Deshpande and G. Karypis: Item-based top-N recommendation algorithms. TOIS 2004 (after Sarwar et al., WWW 2001).",
        Answers = Capabilities.Everyone,
        Graph = new(Export, ReadsHistories: true),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => EpochPlan.Once;

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run) => new SolverTraining(Count);

    /// <inheritdoc/>
    public override Scorer Scorer => field ??= new CatalogScorer(ScoreCatalog);

    private double? Count(EpochContext context)
    {
        var byItem = InteractionMatrix.Of(context.Train, options.UseValues).Transpose();
        var index = new NeighborIndex(byItem, options);
        var neighbors = new (int[] Columns, float[] Values)[Shape.Items];
        Parallel.For(0, Shape.Items, Threads.Of(context), item => neighbors[item] = index.Find(byItem[item], byItem.RowValues(item), item));
        weights = SparseWeights.Join(neighbors, Shape.Items).Transpose();
        return null;
    }

    private void ScoreCatalog(RequestBatch requests, Span<float> scores) =>
        SparseWeights.Score(InteractionMatrix.Of(requests, Shape.Items, options.UseValues, options.LastItems), weights, scores);

    private static GraphValue Export(GraphSource source)
    {
        var options = source.Options<ItemKnnOptions>();
        if (options.PredictRatings)
        {
            throw new InputException("ItemKNN that predicts ratings is not exported to ONNX; train it with predict-ratings=false, or serve the run folder.");
        }

        return source.Requests.Entries(options.UseValues, options.LastItems).MatMul(source.Sparse("weights", source.Items, source.Items));
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor>();
        state.AddRows("weights", weights);
        return state;
    }

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state) => weights = state.Rows("weights", Shape.Items, Shape.Items);
}
