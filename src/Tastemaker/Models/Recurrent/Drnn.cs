using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
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

/// <summary>Which item of a session DRNN learns to predict from each prefix of it.</summary>
public enum DrnnTarget
{
    /// <summary>The item after the prefix.</summary>
    Next,

    /// <summary>The last item of the session, for example the one bought at its end, as in the paper.</summary>
    Last,
}

/// <summary>Hyper-parameters of <see cref="Drnn"/>. The paper states only the window.</summary>
public sealed record DrnnOptions : GradientModelOptions
{
    /// <summary>Adam at 0.003. Batches of at most 64 sessions, fewer where an epoch would have less than 20 updates.</summary>
    public DrnnOptions() => (Epochs, BatchSize, LearningRate, ClipNorm) = (30, null, 3e-3, 5);

    /// <summary>n: number of newest pages that have a recurrent state each; all older pages share the history state. <value>4</value></summary>
    [Symbol("n")]
    [Range(1, 100)]
    [Search(3, 8)]
    public int Window { get; init; } = 4;

    /// <summary>Whether there is a history state; without it, pages before the window are ignored.</summary>
    public bool HistoryState { get; init; } = true;

    /// <summary>gamma: the weight of a page in the history state, divided by the weight of the page after it.</summary>
    [Range(0.01, 1.0)]
    [Search(0.5, 1.0)]
    public double Decay { get; init; } = 0.8;

    /// <summary>Length of the vectors of pages.</summary>
    [Range(1, 4096)]
    public int Embedding { get; init; } = 64;

    /// <summary>Number of units of each recurrent layer.</summary>
    [Range(1, 4096)]
    [Search(64, 256, Log = true)]
    public int Units { get; init; } = 128;

    /// <summary>Number of recurrent layers.</summary>
    [Range(1, 8)]
    [Search(1, 3)]
    public int Layers { get; init; } = 2;

    /// <summary>Features of users that the feed-forward network reads, such as earlier purchases. Without any, there is only the recurrent network.</summary>
    public IReadOnlyList<string> UserFields { get; init; } = [];

    /// <summary>Training rows that a category must occur in; rarer categories are ignored.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>Widths of the layers of the feed-forward network.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64];

    /// <summary>Dropout rate of the vectors of pages and of the input of the output layer.</summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.5)]
    public double Dropout { get; init; } = 0.2;

    /// <summary>Which item is predicted from each prefix of a session. <value>next; the paper has the item bought at the end</value></summary>
    [SearchChoices("next", "last")]
    public DrnnTarget Target { get; init; } = DrnnTarget.Next;

    /// <summary>Most items of a session that are read; of longer sessions the newest are read.</summary>
    [Range(1, 10_000)]
    public int MaxLength { get; init; } = 50;
}

/// <summary>
/// DRNN of NetEase: recurrent layers over the last n pages of a session. The history state, a weighted mean of all older pages, is the first input of the sequence; a session of at most n pages has none. A feed-forward
/// network reads features of the user, such as earlier purchases. The logits of both networks are added, and a softmax gives the probability of each item. All prefixes of a session learn in one pass. The weight gamma^age of
/// an older page is our choice: our sources do not give the form of the paper's theta. Pages have learned vectors; with a linear first layer this equals the paper's one-hot pages.
/// </summary>
internal sealed class Drnn : Model
{
    private const int RequestsAtOnce = 512;

    private readonly DrnnOptions options;
    private readonly EmbeddingTable pages;
    private readonly ModuleList<DrnnLayer> layers;
    private readonly SparseRows? features; // of users
    private readonly Parameter? first; // first layer of the feed-forward network [columns, width]
    private readonly Tower? network; // its other layers
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
            features = EntityBags.Of(space, FieldSource.User, BagScale.None);
            first = nn.Parameter(empty(features.ColumnCount, options.Hidden[0]));
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
            new EntityFeatures<DrnnOptions>(options => options.UserFields.Count == 0 ? null : new([], options.MinimumCount) { Users = options.UserFields }) { OfUsersToo = true },
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

    /// <summary>The cross-entropy of the target of every place, mean over places.</summary>
    public Tensor Loss(SequenceBatch batch)
    {
        var states = Recurrent(pages.forward(batch.Items), batch.IsPadding).flatten(0, 1).index_select(0, batch.Places); // [P, units]
        if (network is not null)
        {
            var known = Network(CollectionsMarshal.AsSpan(batch.UserBuffer)).unsqueeze(1).expand(-1, batch.Length, -1).flatten(0, 1).index_select(0, batch.Places);
            states = cat([states, known], 1);
        }

        return MultinomialOutput.Loss(Dropped(states), output.Weight, batch.Targets, output.Bias);
    }

    /// <summary>The state of the last layer at every place [B, L, units].</summary>
    /// <param name="vectors">The vectors of pages [B, L, e].</param>
    /// <param name="isPadding">Whether a place is padding [B, L].</param>
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

    // At each place the vector of the place `age` before it [B, L, e]; zeros where there is none.
    private static Tensor Earlier(Tensor x, int age) =>
        age == 0 ? x : age >= x.shape[1] ? zeros_like(x) : cat([zeros(x.shape[0], age, x.shape[2], device: x.device), x.narrow(1, 0, x.shape[1] - age)], 1);

    // The history state of each place [B, L, e]: the mean of the pages before its window, weighted by gamma^age; and whether there are such pages [B, L, 1].
    private (Tensor, Tensor) History(Tensor x, Tensor isPage)
    {
        var place = arange(x.shape[1], int64, x.device);
        var age = place.unsqueeze(1) - place.unsqueeze(0) - options.Window; // [place, page]: 0 for the newest page before the window
        var weights = pow(full_like(age, options.Decay, dtype: float32), age.clamp(0).to(float32)) * age.ge(0).to(float32); // [L, L]
        var sum = weights.matmul(isPage);
        return (weights.matmul(x) / sum.clamp_min(1e-12), sum.gt(0).to(float32));
    }

    // The output of the feed-forward network for some users [n, hidden]; -1 is a user without features.
    private Tensor Network(ReadOnlySpan<int> users) => network!.forward(nn.functional.relu(new CsrMatrix(features!.Gather(users)).Times(first!)));

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

        var isKnown = tensor(Array.ConvertAll(requests.Users.ToArray(), user => user >= 0), device: read.device).unsqueeze(1);
        return cat([read, Network(requests.Users) * isKnown], 1);
    }

    private Tensor Dropped(Tensor x) => nn.functional.dropout(x, options.Dropout, training);
}

/// <summary>A recurrent layer: a(t) = ReLU(W x(t) + R a(t - 1) + b). The state is 0 before the first column.</summary>
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
            nn.init.orthogonal_(recurrent, 0.5); // with ReLU and larger weights, states would grow from column to column
        }

        RegisterComponents();
    }

    /// <summary>The states of all columns, each [n, units].</summary>
    /// <param name="columns">The input of each column [n, inputs].</param>
    /// <param name="isThere">1 where a sequence has the column, else 0 [n, 1]; the state is 0 where it does not.</param>
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
