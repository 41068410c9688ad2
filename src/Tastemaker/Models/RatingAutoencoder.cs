using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models;

/// <summary>
/// What the systems share that learn from rows of ratings, a row a user or a row an item: a row becomes a code, and a code predicts the rating of
/// any column by K numbers h . w + b a column. Keeps the training ratings (of a pair the latest), because the code of a known row is computed from
/// them. Rows and columns without a training rating are predicted the mean of all.
/// </summary>
internal abstract class RatingAutoencoder : Model, IRatingModel
{
    private const long BlockNumbers = 8 << 20; // predicted at once: 32 MiB of float32
    private const int RowsTogether = 1024; // that are encoded

    private readonly GradientModelOptions options;
    private readonly RatingSide side;
    private SparseRows rows;
    private Prepared? prepared;

    /// <param name="name">Name of the module.</param>
    /// <param name="shape">Sizes of the data.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="side">What a row is.</param>
    /// <param name="outputs">K: numbers that make a prediction.</param>
    protected RatingAutoencoder(string name, ModelShape shape, GradientModelOptions options, RatingSide side, int outputs = 1)
        : base(name, shape, options)
    {
        (this.options, this.side, Outputs) = (options, side, outputs);
        (RowCount, ColumnCount) = side is RatingSide.Users ? (shape.Users, shape.Items) : (shape.Items, shape.Users);
        rows = SparseRows.Empty(RowCount, ColumnCount);
        Scorer = new CatalogScorer(ScoreCatalog);
    }

    /// <inheritdoc/>
    public sealed override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public sealed override Scorer Scorer { get; }

    /// <summary>Rows, rated or not.</summary>
    protected int RowCount { get; }

    /// <summary>Columns, rated or not.</summary>
    protected int ColumnCount { get; }

    /// <summary>K.</summary>
    protected int Outputs { get; }

    /// <summary>The training ratings.</summary>
    protected SparseRows Rows => rows;

    /// <summary>Rows that have a training rating; 0 before training.</summary>
    protected int RatedRowCount { get; private set; }

    /// <summary>Codes of the items, where a row is an item.</summary>
    public override Tensor? ItemVectors => side is RatingSide.Items ? Ready.Codes : null;

    /// <summary>The output layer: weights [columns K, H], the K rows of a column one after the other, and biases [columns K].</summary>
    protected abstract (Tensor Weight, Tensor Bias) Output { get; }

    /// <summary>The codes of rows [B, width].</summary>
    protected abstract Tensor Encode(RatingTensors rows);

    /// <summary>What the output layer reads, of codes [n, width]: [n, H]. Default: the code itself.</summary>
    protected virtual Tensor Decode(Tensor codes) => codes;

    /// <summary>Predictions [...] of what the output layer gives [..., K].</summary>
    protected abstract Tensor Link(Tensor outputs);

    /// <summary>An entry for the catalog.</summary>
    protected static SystemInfo Entry<TOptions>(
        RatingSide side, string id, string name, string family, string summary, string paper, IInput ratings, Func<TOptions, ModelShape, RatingSide, Model> create,
        Func<GraphSource, RatingSide, GraphValue> export)
        where TOptions : GradientModelOptions, new() => new SystemInfo<TOptions>((options, shape) => create(options, shape, side))
    {
        Id = (side is RatingSide.Users ? "u-" : "i-") + id,
        Name = (side is RatingSide.Users ? "U-" : "I-") + name,
        Family = family,
        Summary = summary + (side is RatingSide.Users ? " A row is a user; cold-start users are folded in." : " A row is an item; answers the users it was trained on."),
        Paper = paper,
        Answers = side is RatingSide.Users ? Capabilities.Everyone : Capabilities.KnownUsers,
        Inputs = [ratings],
        PredictsRatings = true,
        Graph = new(source => export(source, side), ReadsHistories: side is RatingSide.Users),
        Derive = (options, train) => BatchRule.Of(options, side is RatingSide.Users ? train.Seen : train.ByItem, updates: 20, largest: 1000),
    };

    /// <inheritdoc/>
    public override GradientTraining<UserRowBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var byUser = train.Rated;
        rows = side is RatingSide.Users ? byUser : byUser.Transpose();
        RatedRowCount = Enumerable.Range(0, RowCount).Count(row => rows.Length(row) > 0);
        return new GradientTraining<UserRowBatch>(this, options, run, new UserRowSource(rows, options.ExamplesPerUpdate), Loss);
    }

    /// <summary>The loss of a batch of rows.</summary>
    public abstract Tensor Loss(UserRowBatch batch);

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values)
    {
        var known = Ready;
        values.Fill(known.Mean);
        var ofRows = side is RatingSide.Users ? users : items;
        var ofColumns = side is RatingSide.Users ? items : users;
        var pairs = new List<int>(values.Length);
        for (var pair = 0; pair < values.Length; pair++)
        {
            if (ofRows[pair] >= 0 && ofColumns[pair] >= 0 && rows.Length(ofRows[pair]) > 0 && known.IsRated[ofColumns[pair]])
            {
                pairs.Add(pair);
            }
        }

        var size = (int)Math.Max(1, BlockNumbers / PairNumbers);
        for (var first = 0; first < pairs.Count; first += size)
        {
            using var scope = NewDisposeScope();
            var block = pairs.GetRange(first, Math.Min(size, pairs.Count - first));
            var (chosenRows, chosenColumns) = (new long[block.Count], new int[block.Count]);
            for (var place = 0; place < block.Count; place++)
            {
                (chosenRows[place], chosenColumns[place]) = (ofRows[block[place]], ofColumns[block[place]]);
            }

            var device = known.Codes.device;
            var result = PredictPairs(known.Codes.index_select(0, tensor(chosenRows, device: device)), tensor(chosenColumns, device: device)).cpu();
            var predicted = result.Values<float>();
            for (var place = 0; place < block.Count; place++)
            {
                values[block[place]] = predicted[place];
            }
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor>(base.State());
        state.AddRows("ratings", rows);
        return state;
    }

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        base.Take(state);
        rows = state.Rows("ratings", RowCount, ColumnCount);
    }

    /// <summary>Numbers held for one prediction of a pair, for the size of blocks. Default: a code and K outputs.</summary>
    protected virtual long PairNumbers => Output.Weight.shape[1] + Outputs;

    /// <summary>Predictions of a code and a column each: [n, width] and [n] to [n].</summary>
    protected virtual Tensor PredictPairs(Tensor codes, Tensor columns)
    {
        var (weight, bias) = Output;
        var ones = arange(columns.shape[0] + 1, int32, columns.device);
        return Link(ObservedProducts.Of(Decode(codes), weight, bias, columns, ones, Outputs, ObservedOutput.Gathered));
    }

    /// <summary>Predictions of all codes for all of some columns: [n, width] and [c] to [n, c]; null for all columns.</summary>
    protected virtual Tensor PredictAll(Tensor codes, Tensor? columns)
    {
        var (weight, bias) = Output;
        if (columns is not null)
        {
            weight = weight.view(ColumnCount, Outputs, -1).index_select(0, columns).flatten(0, 1);
            bias = bias.view(ColumnCount, Outputs).index_select(0, columns).flatten();
        }

        return Link(addmm(bias, Decode(codes), weight.t(), 1, 1).view(codes.shape[0], -1, Outputs));
    }

    private Tensor ScoreCatalog(RequestBatch requests)
    {
        var known = Ready;
        var blocks = new List<Tensor>();
        var size = (int)Math.Clamp(BlockNumbers / ((long)Outputs * Shape.Items), 1, Math.Max(1, requests.Count));
        for (var first = 0; first < requests.Count || blocks.Count == 0; first += size)
        {
            using var scope = NewDisposeScope();
            var some = requests.Slice(first, Math.Min(size, requests.Count - first));
            blocks.Add((side is RatingSide.Users ? ScoreHistories(some, known) : ScoreUsers(some, known)).MoveToOuterDisposeScope());
        }

        return blocks.Count == 1 ? blocks[0] : cat(blocks); // [requests, items]
    }

    private Tensor ScoreHistories(RequestBatch requests, Prepared known)
    {
        var codes = Encode(RatingTensors.Of(requests, known.IsRated, Shape.MaximumValue, known.Codes.device));
        return PredictAll(codes, null).where(known.Rated, known.Mean); // [b, items]
    }

    private Tensor ScoreUsers(RequestBatch requests, Prepared known)
    {
        var users = tensor(requests.Users.ToArray(), int64, device: known.Codes.device);
        return PredictAll(known.Codes, users).t().where(known.Rated, known.Mean); // [b, items]
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            prepared?.Dispose();
        }

        base.Dispose(disposing);
    }

    private Prepared Ready
    {
        get
        {
            MakeReady();
            return prepared!;
        }
    }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        var device = Output.Weight.device;
        var isRated = new bool[ColumnCount];
        foreach (var column in rows.Columns)
        {
            isRated[column] = true;
        }

        bool[] rated = side is RatingSide.Users ? isRated : [.. Enumerable.Range(0, RowCount).Select(row => rows.Length(row) > 0)];
        var codes = new List<Tensor>();
        for (var first = 0; first < RowCount; first += RowsTogether)
        {
            codes.Add(Encode(RatingTensors.Of(rows, first, Math.Min(RowsTogether, RowCount - first), device)));
        }

        prepared?.Dispose();
        prepared = new Prepared(cat(codes).DetachFromDisposeScope(), tensor(rated, device: device).DetachFromDisposeScope(), isRated, Mean());
    }

    /// <summary>The mean training rating of each column, that of all where it has none.</summary>
    protected float[] ColumnMeans()
    {
        var (sums, counts, overall) = (new double[ColumnCount], new int[ColumnCount], Mean());
        for (var entry = 0; entry < rows.EntryCount; entry++)
        {
            sums[rows.Columns[entry]] += rows.Values[entry];
            counts[rows.Columns[entry]]++;
        }

        return [.. sums.Zip(counts, (sum, count) => count > 0 ? (float)(sum / count) : overall)];
    }

    private float Mean()
    {
        var sum = 0.0;
        foreach (var value in rows.Values)
        {
            sum += value;
        }

        return (float)(sum / Math.Max(1, rows.EntryCount));
    }

    /// <summary>What is computed once after training.</summary>
    /// <param name="Codes">Of all rows [rows, width].</param>
    /// <param name="Rated">Items with a training rating [items].</param>
    /// <param name="IsRated">Columns with a training rating.</param>
    /// <param name="Mean">Of all training ratings.</param>
    private sealed record Prepared(Tensor Codes, Tensor Rated, bool[] IsRated, float Mean) : IDisposable
    {
        public void Dispose()
        {
            Codes.Dispose();
            Rated.Dispose();
        }
    }
}
