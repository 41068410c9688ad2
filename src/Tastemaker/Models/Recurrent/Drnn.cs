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

namespace Tastemaker.Models.Recurrent;

/// <summary>Which item of a session DRNN learns to tell from each beginning of it.</summary>
public enum DrnnTarget
{
    /// <summary>The one that comes next.</summary>
    Next,

    /// <summary>The last one, such as what was bought in the end: the paper's.</summary>
    Last,
}

/// <summary>Hyper-parameters of <see cref="Drnn"/>. The paper gives none but the window.</summary>
public sealed record DrnnOptions : GradientModelOptions
{
    /// <summary>Adam at 0.003, batches such that an epoch has 20 updates or more, of 64 sessions at most.</summary>
    public DrnnOptions() => (Epochs, BatchSize, LearningRate, ClipNorm) = (30, null, 3e-3, 5);

    /// <summary>n: pages that have a state of their own; those before share one. <value>4</value></summary>
    [Symbol("n")]
    [Range(1, 100)]
    [Search(3, 8)]
    public int Window { get; init; } = 4;

    /// <summary>Whether pages before the window are read as one history state.</summary>
    public bool HistoryState { get; init; } = true;

    /// <summary>How much less a page of the history state counts than the one after it.</summary>
    [Range(0.01, 1.0)]
    [Search(0.5, 1.0)]
    public double Decay { get; init; } = 0.8;

    /// <summary>Length of the vectors of pages.</summary>
    [Range(1, 4096)]
    public int Embedding { get; init; } = 64;

    /// <summary>Units of each recurrent layer.</summary>
    [Range(1, 4096)]
    [Search(64, 256, Log = true)]
    public int Units { get; init; } = 128;

    /// <summary>Recurrent layers.</summary>
    [Range(1, 8)]
    [Search(1, 3)]
    public int Layers { get; init; } = 2;

    /// <summary>Features of users that the feed-forward network reads, such as what they bought before; none for the recurrent network alone.</summary>
    public IReadOnlyList<string> UserFields { get; init; } = [];

    /// <summary>Training rows that a category must occur in; rarer ones are not read.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>Widths of the feed-forward network.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64];

    /// <summary>Dropout of the vectors of pages and of what the output reads.</summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.5)]
    public double Dropout { get; init; } = 0.2;

    /// <summary>Which item is learned from each beginning of a session. <value>the next; the paper has the one that is bought in the end</value></summary>
    [SearchChoices("next", "last")]
    public DrnnTarget Target { get; init; } = DrnnTarget.Next;

    /// <summary>Items of a session that are read, the newest.</summary>
    [Range(1, 10_000)]
    public int MaxLength { get; init; } = 50;
}

/// <summary>
/// DRNN of NetEase: recurrent layers over the last n pages of a session, before which stands one state that holds all older pages with decaying weights; beside it a feed-forward network over what is
/// known of the user, such as earlier purchases; the logits of both are added and a softmax tells the item. Learns from every beginning of a session, all of them in one pass. The weights of older pages,
/// gamma^age, are our reading of the paper's theta, whose form the sources at hand do not give; a page has a vector, which for a linear first layer is the paper's one-hot page. A session of at most n pages has no history state.
/// </summary>
internal sealed class Drnn : Model
{
    private const int RequestsAtOnce = 512;

    private readonly DrnnOptions options;
    private readonly EmbeddingTable pages;
    private readonly ModuleList<DrnnLayer> layers;
    private readonly Tower? network; // over features of users
    private readonly CsrMatrix? users;
    private readonly Parameter? first; // of the network [columns, width]
    private readonly Dense output; // [items, units + hidden]

    public Drnn(DrnnOptions options, ModelShape shape)
        : base(nameof(Drnn), shape, options)
    {
        this.options = options;
        pages = new EmbeddingTable(shape.Items, options.Embedding, Initializers.Normal(0.1));
        layers = nn.ModuleList([.. Enumerable.Range(0, options.Layers).Select(layer => new DrnnLayer(layer == 0 ? options.Embedding : options.Units, options.Units))]);
        var width = options.Units;
        if (shape.Features is { } space && options.Hidden.Count > 0)
        {
            EntityBags.Check(space.Schema, FieldSource.User, "user-fields");
            var bags = EntityBags.Of(space, FieldSource.User, BagScale.None);
            users = new CsrMatrix(bags, bags.Values.ToArray());
            first = nn.Parameter(empty(bags.ColumnCount, options.Hidden[0]));
            using (no_grad())
            {
                Initializers.GlorotUniform(first);
            }

            network = new Tower(options.Hidden[0], [.. options.Hidden.Skip(1)], x => nn.functional.relu(x), activatesLast: true, Initializers.GlorotUniform);
            width += options.Hidden[^1];
        }

        output = new Dense(width, shape.Items, Initializers.GlorotUniform);
        RegisterComponents();
        Scorer = new InnerProduct(width, hasBiases: true, requests => Queries.Of(Read(requests)), () => ItemTable.Of(output.Weight, output.Bias));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<DrnnOptions>((options, shape) => new Drnn(options, shape))
    {
        Id = "drnn",
        Name = "DRNN",
        Family = "Recurrent",
        Summary = "Recurrent layers over the last pages of a session with one state for all before, beside a network over what is known of the user.",
        Paper = "S. Wu, W. Ren, C. Yu, G. Chen, D. Zhang and J. Zhu: Personal Recommendation Using Deep Recurrent Neural Networks in NetEase. ICDE 2016.",
        Answers = Capabilities.Histories,
        ScoresByInnerProduct = true,
        RecommendsSeen = true,
        Inputs =
        [
            Times.Required,
            new EntityFeatures<DrnnOptions>(options => options.UserFields.Count == 0 ? null : new([], options.MinimumCount) { Users = options.UserFields }) { OfUsersToo = true, IsRequired = false },
        ],
        Derive = (options, train) => BatchRule.Of(options, train.ByUser, updates: 20, largest: 64),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors => pages.Weight;

    /// <inheritdoc/>
    public override GradientTraining<SequenceBatch> Begin(TrainingSet train, TrainingOptions run) => new(
        this, options, run, new SequenceSource(train, options.ExamplesPerUpdate, options.MaxLength, shared: 0) { TellsLast = options.Target is DrnnTarget.Last }, Loss);

    /// <summary>The mean cross-entropy of the target of every place that is no padding.</summary>
    public Tensor Loss(SequenceBatch batch)
    {
        var states = Recurrent(pages.forward(batch.Items), batch.IsPadding).flatten(0, 1).index_select(0, batch.Places); // [P, units]
        if (network is not null)
        {
            var known = Network(batch.Users).unsqueeze(1).expand(-1, batch.Length, -1).flatten(0, 1).index_select(0, batch.Places);
            states = cat([states, known], 1);
        }

        return MultinomialOutput.Loss(Dropped(states), output.Weight, batch.Targets, output.Bias);
    }

    /// <summary>The last layer's state at every place [B, L, units], given the vectors of pages [B, L, e] and which places are padding.</summary>
    public Tensor Recurrent(Tensor vectors, Tensor isPadding)
    {
        var (sessions, length) = (vectors.shape[0], vectors.shape[1]);
        var isPage = isPadding.logical_not().to(float32).unsqueeze(2); // [B, L, 1]
        var x = Dropped(vectors) * isPage;
        List<(Tensor X, Tensor IsThere)> columns = options.HistoryState ? [History(x, isPage)] : [];
        for (var age = options.Window - 1; age >= 0; age--)
        {
            columns.Add((Earlier(x, age), Earlier(isPage, age)));
        }

        var inputs = columns.Select(column => column.X.flatten(0, 1)).ToList(); // each [B L, e]
        var isThere = columns.Select(column => column.IsThere.flatten(0, 1)).ToList(); // each [B L, 1]
        foreach (var layer in layers)
        {
            inputs = layer.Over(inputs, isThere);
        }

        return inputs[^1].view(sessions, length, options.Units);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        users?.Dispose();
        base.Dispose(disposing);
    }

    // What stood some places before [B, L, e]; zeros before the first place.
    private static Tensor Earlier(Tensor x, int age) =>
        age == 0 ? x : age >= x.shape[1] ? zeros_like(x) : cat([zeros(x.shape[0], age, x.shape[2], device: x.device), x.narrow(1, 0, x.shape[1] - age)], 1);

    // The mean of all pages before the window, weighted by gamma^age [B, L, e], and whether there are any [B, L, 1].
    private (Tensor, Tensor) History(Tensor x, Tensor isPage)
    {
        var place = arange(x.shape[1], int64, x.device);
        var age = place.unsqueeze(1) - place.unsqueeze(0) - options.Window; // of the page in a column, at the place of a row
        var weights = pow(full_like(age, options.Decay, dtype: float32), age.clamp(0).to(float32)) * age.ge(0).to(float32); // [L, L]
        var sum = weights.matmul(isPage);
        return (weights.matmul(x) / sum.clamp_min(1e-12), sum.gt(0).to(float32));
    }

    // The features of users through the network [n, hidden].
    private Tensor Network(Tensor of) => network!.forward(nn.functional.relu(users!.Times(first!).index_select(0, of)));

    private Tensor Read(RequestBatch requests)
    {
        var read = HistoryReader.Read(
            requests,
            options.MaxLength,
            options.Units,
            RequestsAtOnce,
            output.Weight.device,
            batch => Recurrent(pages.forward(batch.Items), batch.IsPadding).select(1, batch.Length - 1));
        if (network is null)
        {
            return read;
        }

        var isKnown = tensor(requests.Users.ToArray().Select(user => user >= 0).ToArray(), device: read.device).unsqueeze(1);
        var of = tensor(requests.Users.ToArray().Select(user => Math.Max(0, user)).ToArray(), device: read.device);
        return cat([read, Network(of) * isKnown], 1);
    }

    private Tensor Dropped(Tensor x) => nn.functional.dropout(x, options.Dropout, training);
}

/// <summary>A recurrent layer with ReLU: a(t) = f(W x(t) + R a(t - 1) + b), whose state is 0 before the first column that is there.</summary>
internal sealed class DrnnLayer : nn.Module
{
    private readonly Dense input;
    private readonly Parameter recurrent;

    public DrnnLayer(int inputs, int units)
        : base(nameof(DrnnLayer))
    {
        input = new Dense(inputs, units, Initializers.GlorotUniform);
        recurrent = nn.Parameter(empty(units, units));
        using (no_grad())
        {
            nn.init.orthogonal_(recurrent, 0.5); // with ReLU, states of a larger one would grow from column to column
        }

        RegisterComponents();
    }

    /// <summary>The states of all columns, each [n, units], of inputs [n, inputs]; where a column is missing, 0.</summary>
    public List<Tensor> Over(IReadOnlyList<Tensor> columns, IReadOnlyList<Tensor> isThere)
    {
        List<Tensor> states = [];
        foreach (var (x, there) in columns.Zip(isThere))
        {
            var from = input.forward(x);
            states.Add(nn.functional.relu(states.Count == 0 ? from : from + states[^1].matmul(recurrent)) * there);
        }

        return states;
    }
}
