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

/// <summary>How what neighbors tell comes together.</summary>
public enum NeighborPooling
{
    /// <summary>Weighted by how often walks visit each: importance pooling.</summary>
    Importance,

    /// <summary>All alike.</summary>
    Mean,
}

/// <summary>Hyper-parameters of <see cref="PinSage"/>, for catalogs of thousands; the paper's, for billions, are 2048 and 1024 units and 50 neighbors.</summary>
public sealed record PinSageOptions : GradientModelOptions
{
    /// <summary>Adam at 0.005, which rises over the first 50 steps and falls exponentially after; batches such that an epoch has 20 updates or more, of 512 pairs at most.</summary>
    public PinSageOptions() => (Epochs, BatchSize, LearningRate, Schedule, WarmupSteps) = (20, null, 5e-3, LearningRateSchedule.Exponential, 50);

    /// <summary>d: length of the vectors of items.</summary>
    [Symbol("d")]
    [Range(1, 4096)]
    [Search(32, 256, Log = true)]
    public int Dimension { get; init; } = 64;

    /// <summary>m: units of what an item tells its neighbors.</summary>
    [Symbol("m")]
    [Range(1, 8192)]
    [Search(64, 512, Log = true)]
    public int Hidden { get; init; } = 128;

    /// <summary>K: convolutions, one on top of the other.</summary>
    [Symbol("K")]
    [Range(1, 4)]
    [Search(1, 3)]
    public int Layers { get; init; } = 2;

    /// <summary>T: neighbors of an item, those that walks from it visit most.</summary>
    [Symbol("T")]
    [Range(1, 1000)]
    [Search(10, 50)]
    public int Neighbors { get; init; } = 20;

    /// <summary>Steps from item to item of all walks that begin at an item.</summary>
    [Range(1, 1_000_000)]
    public int WalkSteps { get; init; } = 600;

    /// <summary>Probability that a walk begins anew before a step.</summary>
    [Range(0.0, 0.99)]
    public double Restart { get; init; } = 0.5;

    /// <summary>How what neighbors tell comes together.</summary>
    [SearchChoices("importance", "mean")]
    public NeighborPooling Pooling { get; init; } = NeighborPooling.Importance;

    /// <summary>Delta: by how much a related item must be nearer than an unrelated one.</summary>
    [Range(0.0, 10.0)]
    [Search(0.05, 1.0, Log = true)]
    public double Margin { get; init; } = 0.3;

    /// <summary>Unrelated items that all pairs of a batch share.</summary>
    [Range(1, 10_000)]
    public int SharedNegatives { get; init; } = 500;

    /// <summary>Most hard negatives of a pair: none in the first epoch, one more in each after, up to so many.</summary>
    [Range(0, 100)]
    public int HardNegatives { get; init; } = 6;

    /// <summary>The part of the ranking by walks that hard negatives come from begins at this share of the catalog, but not before the neighbors. <value>0.005; the paper has ranks 2000 to 5000 of two billion</value></summary>
    [Range(0.0, 1.0)]
    public double HardFrom { get; init; } = 0.005;

    /// <summary>And ends at this share.</summary>
    [Range(0.0, 1.0)]
    public double HardTo { get; init; } = 0.02;

    /// <summary>Share of users whose items are pairs to learn from instead of edges of the graph, which would give the pairs away.</summary>
    [Range(0.01, 0.9)]
    public double LabelUsers { get; init; } = 0.2;

    /// <summary>The features of items. <value>all that are no text</value></summary>
    public IReadOnlyList<string> ItemFields { get; init; } = [];

    /// <summary>Training rows that a category must occur in; rarer ones are not read.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>Whether each item has a vector of its own among its features. Helps where features say little, but new items are then known by less.</summary>
    public bool ItemIds { get; init; }

    /// <summary>Whether vectors are scaled to length 1 before they are compared, so that none is near everything. <value>true; the paper scales those of its layers alone</value></summary>
    public bool NormalizeOutput { get; init; } = true;

    /// <summary>Newest items of a history whose vectors are averaged to answer a request.</summary>
    [Range(1, 1000)]
    public int RecentItems { get; init; } = 10;
}

/// <summary>
/// PinSage: vectors of items from their features and those of the items around them, by convolutions over neighborhoods that random walks find (algorithm 1): what neighbors tell, ReLU(Q h + q), is averaged by how often each
/// was visited, and joined with the item's own, ReLU(W [h; n] + w), scaled to length 1; at the end G2 ReLU(G1 h + g). Learns from pairs of items that users had one after the other, by a max-margin loss with negatives that a batch shares and,
/// epoch by epoch, hard ones (section 3.3 and equation 1). Neighbors are items (in the paper's text also boards, which have no features). Items have no weights of their own, so that new ones with features
/// and edges, or features alone, are known at once. A request is answered by the mean vector of its newest items.
/// </summary>
internal sealed class PinSage : Model
{
    private const ulong InferenceSeed = 1; // walks of a saved model are drawn again, the same ones

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
            Note = _ => source.PairCount > 0 ? null : "Nothing was learned: PinSage learns from items that users had one after the other, and no two users have two items or more in training, one for the graph and one for pairs.",
        };
    }

    /// <summary>The mean of max(0, z_q . z_n - z_q . z_i + margin) over the negatives of all pairs.</summary>
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

    /// <summary>The vectors of the last nodes of a subgraph [n, d].</summary>
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

    /// <summary>The vectors of all items in a graph, layer by layer, each item once per layer [items, d].</summary>
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

/// <summary>One convolution: what neighbors tell, averaged, beside what an item is.</summary>
internal sealed class PinSageLayer : nn.Module
{
    private readonly Parameter told; // Q [inputs, m]
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

    /// <summary>The next vectors [n, d] of some of the nodes below.</summary>
    /// <param name="times">Multiplies the vectors of the nodes below by a matrix.</param>
    /// <param name="pool">The weights of the neighbors of each node [n, nodes below].</param>
    /// <param name="places">Where each node is among those below [n], int64.</param>
    public Tensor Over(Func<Tensor, Tensor> times, CsrMatrix pool, Tensor places)
    {
        var neighbors = pool.Times(nn.functional.relu(times(told) + toldBias)).matmul(around);
        return Unit(nn.functional.relu(times(own).index_select(0, places) + neighbors + bias));
    }

    /// <summary>Rows scaled to length 1; zeros stay.</summary>
    public static Tensor Unit(Tensor rows) => rows / rows.square().sum(1, keepdim: true).clamp_min(1e-12).sqrt();
}
