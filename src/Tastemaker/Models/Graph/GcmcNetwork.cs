using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Graph;

/// <summary>The weights of GC-MC: messages of users and items, the layers after the convolution, and the bilinear forms of the decoder.</summary>
internal sealed class GcmcNetwork : nn.Module
{
    private const double BasisScale = 1.1; // of the orthogonal matrices that P_s begin at, as in the official code

    private readonly GcmcOptions options;
    private readonly int levels;
    private readonly Parameter fromUsers; // W_r of users [R, users, h]; where levels are summed, T_r, of which W_r is the sum up to r
    private readonly Parameter fromItems; // [R, items, h]
    private readonly Parameter dense; // [d, input]: of users, and of items too where there are no features
    private readonly Parameter? denseOfItems;
    private readonly Parameter bases; // P_s [n_b, d, d]
    private readonly Parameter mixture; // a [n_b, R]
    private readonly GcmcSide? userFeatures;
    private readonly GcmcSide? itemFeatures;

    public GcmcNetwork(GcmcOptions options, ModelShape shape)
        : base(nameof(GcmcNetwork))
    {
        this.options = options;
        levels = shape.Get<RatingLevels>().Count;
        var isStacked = options.Accumulate is LevelAccumulation.Stack;
        var width = isStacked ? Math.Max(1, options.Hidden / levels) : options.Hidden;
        var bound = Math.Sqrt(6.0 / (shape.Users + shape.Items + options.Hidden));
        fromUsers = nn.Parameter(empty(levels, shape.Users, width));
        fromItems = nn.Parameter(empty(levels, shape.Items, width));
        if (shape.Features is { } space)
        {
            userFeatures = new GcmcSide(EntityBags.Of(space, FieldSource.User, BagScale.Sum), options.FeatureHidden);
            itemFeatures = new GcmcSide(EntityBags.Of(space, FieldSource.Item, BagScale.Sum), options.FeatureHidden);
        }

        var input = (isStacked ? levels * width : width) + (ReadsFeatures ? options.FeatureHidden : 0);
        dense = nn.Parameter(empty(options.Dimension, input));
        denseOfItems = ReadsFeatures ? nn.Parameter(empty(options.Dimension, input)) : null;
        bases = nn.Parameter(empty(options.Bases, options.Dimension, options.Dimension));
        mixture = nn.Parameter(empty(options.Bases, levels));
        using (no_grad())
        {
            Initializers.Uniform(bound)(fromUsers);
            Initializers.Uniform(bound)(fromItems);
            Initializers.GlorotUniform(dense);
            Initializers.GlorotUniform(denseOfItems ?? dense);
            Initializers.GlorotUniform(mixture);
            for (var basis = 0; basis < options.Bases; basis++)
            {
                nn.init.orthogonal_(bases.select(0, basis), BasisScale);
            }
        }

        RegisterComponents();
    }

    /// <summary>Whether features of users and items are read.</summary>
    public bool ReadsFeatures => userFeatures is not null;

    /// <summary>Whether a user or an item has features.</summary>
    public bool HasFeatures(FieldSource side, int index) => (side is FieldSource.User ? userFeatures : itemFeatures)?.Has(index) == true;

    /// <summary>The vectors of users and items [n, d] by the messages of a graph.</summary>
    /// <param name="graph">Who rated what, a row per node.</param>
    /// <param name="users">The users that the graph's rows are of [n], int64; null for all.</param>
    /// <param name="items">The items [m], int64; null for all.</param>
    public (Tensor Users, Tensor Items) Encode(LevelMatrices graph, Tensor? users, Tensor? items)
    {
        var u = Convolved(graph.OfUsers, Messages(fromItems));
        var v = Convolved(graph.OfItems!, Messages(fromUsers));
        return (Last(u, userFeatures?.forward(users), dense), Last(v, itemFeatures?.forward(items), denseOfItems ?? dense));
    }

    /// <summary>The vectors of users without features [n, d].</summary>
    public Tensor EncodeUsers(LevelMatrices graph)
    {
        var u = Convolved(graph.OfUsers, Messages(fromItems));
        return Last(u, ReadsFeatures ? zeros(u.shape[0], options.FeatureHidden, device: u.device) : null, dense);
    }

    /// <summary>The logits of the levels of observed pairs [nnz, R].</summary>
    /// <param name="users">Vectors [n, d].</param>
    /// <param name="items">Vectors [m, d].</param>
    /// <param name="columns">The item of each pair [nnz], int32, user after user.</param>
    /// <param name="offsets">Where the pairs of each user begin [n + 1], int32.</param>
    public Tensor Logits(Tensor users, Tensor items, Tensor columns, Tensor offsets)
    {
        var none = zeros(items.shape[0], device: items.device);
        var forms = Bases.Select(basis => ObservedProducts.Of(users.matmul(basis), items, none, columns, offsets, way: Options.ObservedOutput.Gathered)); // u P_s . v [nnz, 1]
        return cat([.. forms], 1).matmul(mixture);
    }

    /// <summary>The logits of the levels of pairs [n, R] of vectors [n, d] and [n, d].</summary>
    public Tensor Logits(Tensor users, Tensor items) => stack([.. Bases.Select(basis => (users.matmul(basis.to(users.device)) * items).sum(1))], 1).matmul(mixture.to(users.device));

    /// <summary>The logits of the levels of all pairs [n, m, R].</summary>
    public Tensor AllLogits(Tensor users, Tensor items) => stack([.. Bases.Select(basis => users.matmul(basis.to(users.device)).matmul(items.t()))], 2).matmul(mixture.to(users.device));

    private IEnumerable<Tensor> Bases => Enumerable.Range(0, options.Bases).Select(basis => bases.select(0, basis));

    // The message of each node at each level [nodes, h]; in training, node dropout replaces all messages of a node by 0.
    private Tensor[] Messages(Tensor table)
    {
        var weights = options.Accumulate is LevelAccumulation.Sum ? table.cumsum(0) : table;
        var all = Enumerable.Range(0, levels).Select(level => weights.select(0, level));
        if (!training)
        {
            return [.. all]; // views: a request reads a few rows of a large table
        }

        var kept = nn.functional.dropout(ones(table.shape[1], 1, device: table.device), options.Dropout, training);
        return [.. all.Select(level => level * kept)];
    }

    private Tensor Convolved(CsrMatrix[] graph, Tensor[] messages)
    {
        Tensor[] received = [.. graph.Zip(messages, (matrix, table) => matrix.Times(table))];
        return nn.functional.relu(options.Accumulate is LevelAccumulation.Stack ? cat(received, 1) : received.Aggregate((sum, level) => sum + level));
    }

    private Tensor Last(Tensor hidden, Tensor? features, Tensor layer) =>
        nn.functional.dropout(features is null ? hidden : cat([hidden, features], 1), options.Dropout, training).matmul(layer.t());
}

/// <summary>The layer that reads the features of users, or of items: ReLU(W1 x + b).</summary>
internal sealed class GcmcSide : nn.Module
{
    private const double BiasDeviation = 0.5;

    private readonly Tastemaker.Data.SparseRows features;
    private readonly CsrMatrix matrix;
    private readonly Parameter weight; // [columns, units]
    private readonly Parameter bias;

    public GcmcSide(Tastemaker.Data.SparseRows features, int units)
        : base(nameof(GcmcSide))
    {
        this.features = features;
        matrix = new CsrMatrix(features);
        weight = nn.Parameter(empty(features.ColumnCount, units));
        bias = nn.Parameter(empty(units));
        using (no_grad())
        {
            Initializers.GlorotUniform(weight);
            Initializers.TruncatedNormal(BiasDeviation)(bias);
        }

        RegisterComponents();
    }

    /// <summary>Whether a user or an item has a feature.</summary>
    public bool Has(int row) => features.Length(row) > 0;

    /// <summary>The output for some rows, or for all [n, units].</summary>
    public Tensor forward(Tensor? rows)
    {
        var products = matrix.Times(weight);
        return nn.functional.relu((rows is null ? products : products.index_select(0, rows)) + bias);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        matrix.Dispose();
        base.Dispose(disposing);
    }
}
