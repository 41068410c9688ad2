using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="UserKnn"/>.</summary>
public sealed record UserKnnOptions : NeighborOptions
{
    /// <summary>The defaults: 100 neighbors, no shrink.</summary>
    public UserKnnOptions() => (Neighbors, Shrink) = (100, 0);

    /// <summary>
    /// Whether ratings are predicted, and the catalog ranked by them, as in the paper: by how far neighbors' ratings are from their means, weighted by Pearson
    /// correlation. Needs values; the options on similarity, weighting and values have no part then.
    /// </summary>
    [AddedLater]
    public bool PredictRatings { get; init; }
}

/// <summary>
/// User neighborhoods: score(u, i) = sum over the k users v most like the history of s_uv r_vi. The training rows are part of the model, and
/// anyone's history is compared with them; a known user is never its own neighbor. Where ratings are to be predicted, <see cref="RatingUserKnn"/> does it.
/// </summary>
internal sealed class UserKnn(ModelShape shape, UserKnnOptions options) : Model(nameof(UserKnn), shape, options)
{
    private SparseRows rows = SparseRows.Empty(shape.Users, shape.Items);
    private NeighborIndex index = new(SparseRows.Empty(shape.Users, shape.Items), options);

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<UserKnnOptions>((options, shape) => options.PredictRatings ? new RatingUserKnn(shape, options) : new UserKnn(shape, options))
    {
        Id = "user-knn",
        Name = "UserKNN",
        Family = "Baselines",
        Summary = "Recommends what the users with the most similar histories have.",
        Paper = "P. Resnick et al.: GroupLens: an open architecture for collaborative filtering of netnews. CSCW 1994.",
        Answers = Capabilities.Everyone,
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => EpochPlan.Once;

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run) => new SolverTraining(Count);

    /// <inheritdoc/>
    public override Scorer Scorer => field ??= new CatalogScorer(ScoreCatalog);

    private double? Count(EpochContext context)
    {
        rows = InteractionMatrix.Of(context.Train, options.UseValues);
        index = new NeighborIndex(rows, options);
        return null;
    }

    private void ScoreCatalog(RequestBatch requests, Span<float> scores)
    {
        var histories = InteractionMatrix.Of(requests, Shape.Items, options.UseValues);
        var neighbors = new (int[] Columns, float[] Values)[requests.Count];
        var users = requests.Users.ToArray();
        Parallel.For(0, users.Length, Parallelism.Loop(), request => neighbors[request] = index.Find(histories[request], histories.RowValues(request), users[request]));
        SparseWeights.Score(SparseWeights.Join(neighbors, Shape.Users), rows, scores);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor>();
        state.AddRows("rows", rows);
        return state;
    }

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        rows = state.Rows("rows", Shape.Users, Shape.Items);
        index = new NeighborIndex(rows, options);
    }
}
