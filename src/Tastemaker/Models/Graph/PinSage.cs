using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Graph;

/// <summary>How the messages of neighbors are pooled.</summary>
public enum NeighborPooling
{
    /// <summary>Importance pooling: the mean weighted by how often walks visit each neighbor.</summary>
    Importance,

    /// <summary>The plain mean.</summary>
    Mean,
}

/// <summary>Hyper-parameters of <see cref="PinSage"/>, for catalogs of thousands; the paper's, for billions, are 2048 and 1024 units and 50 neighbors.</summary>
public sealed record PinSageOptions : GradientModelOptions
{
    /// <summary>Adam at 0.005 with a warm-up of 50 steps and exponential decay. Batches of at most 512 pairs, fewer where an epoch would have less than 20 updates.</summary>
    public PinSageOptions() => (Epochs, BatchSize, LearningRate, Schedule, WarmupSteps) = (20, null, 5e-3, LearningRateSchedule.Exponential, 50);

    /// <summary>d: length of the vectors of items.</summary>
    [Symbol("d")]
    [Range(1, 4096)]
    [Search(32, 256, Log = true)]
    public int Dimension { get; init; } = 64;

    /// <summary>m: length of the message of a neighbor.</summary>
    [Symbol("m")]
    [Range(1, 8192)]
    [Search(64, 512, Log = true)]
    public int Hidden { get; init; } = 128;

    /// <summary>K: number of convolution layers.</summary>
    [Symbol("K")]
    [Range(1, 4)]
    [Search(1, 3)]
    public int Layers { get; init; } = 2;

    /// <summary>T: number of neighbors of an item: those that random walks from it visit most.</summary>
    [Symbol("T")]
    [Range(1, 1000)]
    [Search(10, 50)]
    public int Neighbors { get; init; } = 20;

    /// <summary>Number of steps from item to item, over all walks from one item.</summary>
    [Range(1, 1_000_000)]
    public int WalkSteps { get; init; } = 600;

    /// <summary>Probability that a walk restarts at its item before a step.</summary>
    [Range(0.0, 0.99)]
    public double Restart { get; init; } = 0.5;

    /// <summary>How the messages of neighbors are pooled.</summary>
    [SearchChoices("importance", "mean")]
    public NeighborPooling Pooling { get; init; } = NeighborPooling.Importance;

    /// <summary>Delta: margin by which the inner product of related items must exceed that of unrelated ones.</summary>
    [Range(0.0, 10.0)]
    [Search(0.05, 1.0, Log = true)]
    public double Margin { get; init; } = 0.3;

    /// <summary>Number of negatives that all pairs of a batch share.</summary>
    [Range(1, 10_000)]
    public int SharedNegatives { get; init; } = 500;

    /// <summary>Largest number of hard negatives per pair: there is none in the first epoch and one more in each later epoch.</summary>
    [Range(0, 100)]
    public int HardNegatives { get; init; } = 6;

    /// <summary>Hard negatives come from a band of the ranking by visits: it begins at this fraction of the catalog, but not before rank T. <value>0.005; the paper has ranks 2000 to 5000 of two billion</value></summary>
    [Range(0.0, 1.0)]
    public double HardFrom { get; init; } = 0.005;

    /// <summary>Fraction of the catalog at which the band of hard negatives ends.</summary>
    [Range(0.0, 1.0)]
    public double HardTo { get; init; } = 0.02;

    /// <summary>Fraction of users whose items are training pairs. Their items are not edges of the graph, which would reveal the pairs.</summary>
    [Range(0.01, 0.9)]
    public double LabelUsers { get; init; } = 0.2;

    /// <summary>The features of items. <value>all except text</value></summary>
    public IReadOnlyList<string> ItemFields { get; init; } = [];

    /// <summary>Training rows that a category must occur in; rarer categories are ignored.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>Whether the id of an item is one of its features. This helps where other features are poor, but a new item then lacks a feature that all others have.</summary>
    public bool ItemIds { get; init; }

    /// <summary>Whether the final vectors are scaled to length 1, so that none has a large inner product with all others. <value>true; the paper scales only the outputs of its layers</value></summary>
    public bool NormalizeOutput { get; init; } = true;

    /// <summary>A request is answered by the mean vector of this many newest items of its history.</summary>
    [Range(1, 1000)]
    public int RecentItems { get; init; } = 10;
}

/// <summary>
/// PinSage: the vector of an item is computed from its features and those of its neighbors, which random walks find (algorithm 1). A layer averages the messages ReLU(Q h + q) of the neighbors, weighted by visits, to n;
/// the next vector is ReLU(W [h; n] + w), scaled to length 1. The output is G2 ReLU(G1 h + g). Learns from pairs of items that a user had one after the other by a max-margin loss (equation 1), with negatives that a batch shares
/// and, from the second epoch on, hard negatives (section 3.3). Neighbors are items; in the paper's text they are also boards, which have no features. No weight belongs to one item (unless ids are read), so a new item
/// with features has a vector at once. A request is answered by the mean vector of its newest items.
/// </summary>
internal sealed class PinSage : Model
{
    private const ulong InferenceSeed = 1; // a saved model has no walks: they are drawn again from this seed

    private readonly PinSageOptions options;
    private readonly SparseRows features;
    private readonly ModuleList<PinSageLayer> layers;
    private readonly Dense inner;
    private readonly Parameter outer; // G2 [d, d]
    private readonly Lazy<ItemNeighborhoods> neighborhoods;
    private float[] vectors = []; // [items, d]

    public PinSage(PinSageOptions options, ModelShape shape)
        : base(nameof(PinSage), shape, options)
    {
        this.options = options;
        if (shape.Features is { } space)
        {
            EntityBags.Check(space.Schema, FieldSource.Item, "item-fields");
        }

        features = shape.Features is { } fields ? EntityBags.Of(fields, FieldSource.Item, BagScale.UnitLength) : SparseRows.Empty(shape.Items, 0);
        var inputs = features.ColumnCount + 1 + (options.ItemIds ? shape.Items : 0);
        layers = nn.ModuleList([.. Enumerable.Range(0, options.Layers).Select(layer => new PinSageLayer(layer == 0 ? inputs : options.Dimension, options.Hidden, options.Dimension))]);
        inner = new Dense(options.Dimension, options.Dimension, Initializers.GlorotUniform);
        outer = nn.Parameter(empty(options.Dimension, options.Dimension));
        using (no_grad())
        {
            Initializers.GlorotUniform(outer);
        }

        neighborhoods = new(() => Neighborhoods(shape.Get<InteractionGraph>().ItemsOfUsers, InferenceSeed));
        RegisterComponents();
        Scorer = new InnerProduct(options.Dimension, hasBiases: false, requests => new Queries(Recent(requests)), () => new ItemTable(vectors, []));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<PinSageOptions>((options, shape) => new PinSage(options, shape))
    {
        Id = "pinsage",
        Name = "PinSage",
        Family = "Graph",
        Summary = "Vectors of items from their features and those around them, by convolutions over the neighborhoods of random walks.",
        Paper = "R. Ying, R. He, K. Chen, P. Eksombatchai, W. L. Hamilton and J. Leskovec: Graph Convolutional Neural Networks for Web-Scale Recommender Systems. KDD 2018.",
        Answers = Capabilities.Histories,
        ScoresByInnerProduct = true,
        Inputs = [InteractionGraph.Input.OfPairs, new EntityFeatures<PinSageOptions>(options => options.ItemIds && options.ItemFields.Count == 0 ? null : new(options.ItemFields, options.MinimumCount))],
        Derive = (options, train) => BatchRule.Of(options, (int)(train.Seen.EntryCount * options.LabelUsers), updates: 20, largest: 512),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors
    {
        get
        {
            MakeReady();
            return tensor(vectors, [Shape.Items, options.Dimension]);
        }
    }

    /// <inheritdoc/>
    public override GradientTraining<PinSageBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var labels = RelatedPairs.Of(train, options.LabelUsers, run.Seed);
        var source = new PinSageSource(Neighborhoods(labels.Graph, run.Seed), labels, options);
        return new GradientTraining<PinSageBatch>(this, options, run, source, Loss) 
        {
            EpochStarting = (epoch, _) => source.Epochs = epoch,
            Note = _ => source.PairCount > 0 ? null : "PinSage has learned nothing: it needs two users with at least two items each in training, one for the edges of the graph and one for pairs of related items.",
        };
    }

    /// <summary>Equation 1: max(0, z_q . z_n - z_q . z_i + margin), mean over the negatives of all pairs.</summary>
    public Tensor Loss(PinSageBatch batch)
    {
        var z = Vectors(batch.Subgraph);
        var q = z.index_select(0, batch.Queries); // [B, d]
        var related = (q * z.index_select(0, batch.Related)).sum(1, keepdim: true) - options.Margin; // [B, 1]
        var shared = nn.functional.relu(q.matmul(z.index_select(0, batch.Shared).t()) - related) * batch.IsNegative; // [B, S]
        var (sum, count) = (shared.sum(), batch.IsNegative.sum());
        if (batch.Hard.shape[1] > 0)
        {
            var hard = nn.functional.relu((q.unsqueeze(1) * z.index_select(0, batch.Hard.flatten()).view(q.shape[0], -1, options.Dimension)).sum(2) - related) * batch.IsHard;
            (sum, count) = (sum + hard.sum(), count + batch.IsHard.sum());
        }

        return sum / count.clamp_min(1);
    }

    /// <summary>The vectors of the items of a subgraph [n, d].</summary>
    public Tensor Vectors(PinSageSubgraph graph)
    {
        Tensor? h = null;
        for (var layer = 0; layer < options.Layers; layer++)
        {
            var below = h;
            h = layers[layer].Over(weight => below is null ? graph.Features.Times(weight) : below.matmul(weight), graph.Pools[layer], graph.Places[layer]);
        }

        var z = nn.functional.relu(inner.forward(h!)).matmul(outer.t());
        return options.NormalizeOutput ? PinSageLayer.Unit(z) : z;
    }

    /// <summary>The vectors of all items of a graph [items, d]; each layer computes each item once.</summary>
    public Tensor AllVectors(ItemNeighborhoods graph)
    {
        using var whole = graph.Whole(options.Layers);
        return Vectors(whole);
    }

    /// <summary>The neighborhoods of a graph, and the features of items in it.</summary>
    public ItemNeighborhoods Neighborhoods(SparseRows itemsOfUsers, ulong seed) => new(itemsOfUsers, features, options, seed);

    /// <inheritdoc/>
    protected override void Prepare() => vectors = Queries.Floats(AllVectors(neighborhoods.Value));

    // The mean vector of the newest items of each history [requests, d].
    private float[] Recent(RequestBatch requests)
    {
        var d = options.Dimension;
        var queries = new float[requests.Count * d];
        for (var request = 0; request < requests.Count; request++)
        {
            var recent = requests.History(request)[^Math.Min(options.RecentItems, requests.History(request).Length)..];
            foreach (var item in recent)
            {
                Solvers.Vectors.AddScaled(queries.AsSpan(request * d, d), 1f / recent.Length, vectors.AsSpan(item * d, d));
            }
        }

        return queries;
    }
}

/// <summary>A convolution: joins the vector of an item with the pooled messages of its neighbors.</summary>
internal sealed class PinSageLayer : nn.Module
{
    private readonly Parameter told; // Q [inputs, m]: makes messages
    private readonly Parameter toldBias;
    private readonly Parameter own; // W of the item itself [inputs, d]
    private readonly Parameter around; // W of its neighbors [m, d]
    private readonly Parameter bias;

    public PinSageLayer(int inputs, int hidden, int dimension)
        : base(nameof(PinSageLayer))
    {
        told = nn.Parameter(empty(inputs, hidden));
        toldBias = nn.Parameter(zeros(hidden));
        own = nn.Parameter(empty(inputs, dimension));
        around = nn.Parameter(empty(hidden, dimension));
        bias = nn.Parameter(zeros(dimension));
        using (no_grad())
        {
            Initializers.GlorotUniform(told);
            var bound = Math.Sqrt(6.0 / (inputs + hidden + dimension)); // of W as a whole
            Initializers.Uniform(bound)(own);
            Initializers.Uniform(bound)(around);
        }

        RegisterComponents();
    }

    /// <summary>The vectors of the nodes of this layer [n, d].</summary>
    /// <param name="times">Multiplies the vectors of the nodes below by a matrix.</param>
    /// <param name="pool">The weights of the neighbors of each node [n, nodes below].</param>
    /// <param name="places">The index of each node among the nodes below [n], int64.</param>
    public Tensor Over(Func<Tensor, Tensor> times, CsrMatrix pool, Tensor places)
    {
        var neighbors = pool.Times(nn.functional.relu(times(told) + toldBias)).matmul(around);
        return Unit(nn.functional.relu(times(own).index_select(0, places) + neighbors + bias));
    }

    /// <summary>Rows scaled to length 1; zeros stay.</summary>
    public static Tensor Unit(Tensor rows) => rows / rows.square().sum(1, keepdim: true).clamp_min(1e-12).sqrt();
}
