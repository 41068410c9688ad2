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

/// <summary>Hyper-parameters of <see cref="Slim"/>.</summary>
public sealed record SlimOptions : ModelOptions
{
    /// <summary>
    /// lambda: L1 penalty, on the scale of co-occurrence counts (scikit-learn: users x alpha x l1_ratio). Near 1 and above it drops all items that occur together once, which on
    /// sparse data are most.
    /// </summary>
    [Symbol("lambda")]
    [Range(0.0, 1e9)]
    [Search(1e-2, 1e2, Log = true)]
    public double L1 { get; init; } = 0.1;

    /// <summary>beta: L2 penalty, on the scale of co-occurrence counts (scikit-learn: users x alpha x (1 - l1_ratio)).</summary>
    [Symbol("beta")]
    [Range(0.0, 1e9)]
    [Search(1e1, 1e4, Log = true)]
    public double L2 { get; init; } = 50;

    /// <summary>Whether weights are kept from falling below 0, as in the paper.</summary>
    public bool NonNegative { get; init; } = true;

    /// <summary>Candidates a target item, the most similar by cosine (fsSLIM); 0 for all that occur together with it.</summary>
    [Range(0, 1_000_000)]
    public int Neighbors { get; init; }

    /// <summary>Largest weights kept a target item after solving; 0 for all.</summary>
    [Range(0, 1_000_000)]
    [Search(5, 1000, Log = true)]
    public int TopWeights { get; init; }

    /// <summary>Most sweeps over the weights of a target item.</summary>
    [Range(1, 100_000)]
    public int Sweeps { get; init; } = 100;

    /// <summary>A target item is solved when no weight moves by more than this in a sweep.</summary>
    [Range(0.0, 1.0)]
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Whether an interaction counts its value (rating, count) rather than 1; the values of repeats are added.</summary>
    public bool UseValues { get; init; }
}

/// <summary>
/// Sparse linear method: scores = R W with W = argmin 1/2 |R - R W|^2 + beta/2 |W|^2 + lambda |W|_1, W at least 0, diag W = 0. Columns are
/// independent problems, solved in parallel by coordinate descent on R^T R.
/// </summary>
internal sealed class Slim(ModelShape shape, SlimOptions options) : Model(nameof(Slim), shape, options)
{
    // A row an item of the history, a column an item it speaks for.
    private SparseRows weights = SparseRows.Empty(shape.Items, shape.Items);

    /// <summary>Bytes that all co-occurrences may take before neighborhoods are counted one by one instead.</summary>
    public double MemoryForCounts { get; init; } = MemoryPlan.Available / 4.0;

    private double GramBytes => BytesOfGram(Shape.Items);

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<SlimOptions>((options, shape) => new Slim(shape, options))
    {
        Id = "slim",
        Name = "SLIM",
        Family = "Baselines",
        Summary = "A sparse, non-negative linear item-to-item model.",
        Paper = "X. Ning and G. Karypis: SLIM: Sparse linear methods for top-N recommender systems. ICDM 2011.",
        Answers = Capabilities.Everyone,
        Graph = new(Export, ReadsHistories: true),
        Check = (options, train) => RequireMemory(options, train.ItemCount),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => EpochPlan.Once;

    /// <inheritdoc/>
    public override Scorer Scorer => field ??= new CatalogScorer(ScoreCatalog);

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        RequireMemory(options, Shape.Items);
        return new SolverTraining(Solve);
    }

    private static double BytesOfGram(int items) => (double)items * items * sizeof(float);

    private static void RequireMemory(SlimOptions options, int items)
    {
        if (options.Neighbors == 0)
        {
            MemoryPlan.Require(
                BytesOfGram(items),
                MemoryPlan.Available,
                $"SLIM on {items:N0} items without a limit of neighbors",
                "Set neighbors (200 is a good start), drop rare items with a k-core filter, or use item-knn.");
        }
    }

    private double? Solve(EpochContext context)
    {
        var rows = InteractionMatrix.Of(context.Train, options.UseValues);
        var columns = new (int[] Items, float[] Weights)[Shape.Items];
        if (options.Neighbors == 0)
        {
            var gram = Gram.Dense(rows, Threads.Of(context));
            Parallel.For(0, Shape.Items, Threads.Of(context), item => columns[item] = Solve(gram, item));
        }
        else
        {
            SolveAmongNeighbors(rows, context, columns);
        }

        weights = SparseWeights.Join(columns, Shape.Items).Transpose();
        return null;
    }

    private void ScoreCatalog(RequestBatch requests, Span<float> scores) =>
        SparseWeights.Score(InteractionMatrix.Of(requests, Shape.Items, options.UseValues), weights, scores);

    private static GraphValue Export(GraphSource source) =>
        source.Requests.Entries(source.Options<SlimOptions>().UseValues).MatMul(source.Sparse("weights", source.Items, source.Items));

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor>();
        state.AddRows("weights", weights);
        return state;
    }

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state) => weights = state.Rows("weights", Shape.Items, Shape.Items);

    private (int[] Items, float[] Weights) Solve(float[][] gram, int target)
    {
        var column = new SlimColumn(gram, gram[target], target, options);
        column.Solve();
        return column.Largest(options.TopWeights);
    }

    // fsSLIM: a small problem a target, among the items most like it. Where all co-occurrences fit easily they are counted once; otherwise the
    // rows a target needs are counted as it needs them.
    private void SolveAmongNeighbors(SparseRows rows, EpochContext context, (int[] Items, float[] Weights)[] columns)
    {
        var byItem = rows.Transpose();
        var index = new NeighborIndex(byItem, new ItemKnnOptions { Neighbors = options.Neighbors, Shrink = 0 });
        var gram = GramBytes < MemoryForCounts ? Gram.Dense(rows, Threads.Of(context)) : null;
        Parallel.For(0, Shape.Items, Threads.Of(context), () => new float[gram is null ? Shape.Items : 0], (target, _, buffer) =>
        {
            var (near, _) = index.Find(byItem[target], byItem.RowValues(target), target);
            var among = Array.ConvertAll(near, neighbor => Among(near, neighbor));
            var column = new SlimColumn(among, Among(near, target), -1, options);
            column.Solve();
            var (items, values) = column.Largest(options.TopWeights);
            columns[target] = (Array.ConvertAll(items, item => near[item]), values);
            return buffer;

            float[] Among(int[] items, int item)
            {
                var row = gram?[item] ?? buffer;
                if (gram is null)
                {
                    Gram.Row(rows, byItem, item, row);
                }

                return Array.ConvertAll(items, other => row[other]);
            }
        }, _ => { });
    }
}
