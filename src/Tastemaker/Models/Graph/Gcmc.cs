using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Graph;

/// <summary>How the messages of the rating levels are combined.</summary>
public enum LevelAccumulation
{
    /// <summary>Concatenated; each level has its own weights.</summary>
    Stack,

    /// <summary>Summed; the weights of a level are those of the level below plus its own (ordinal weight sharing).</summary>
    Sum,
}

/// <summary>Hyper-parameters of <see cref="Gcmc"/>; the defaults are those of the official code for MovieLens-100K.</summary>
public sealed record GcmcOptions : GradientModelOptions
{
    /// <summary>Adam at 0.01; 100 epochs of 10 updates, each update with all ratings.</summary>
    public GcmcOptions() => (Epochs, BatchSize, LearningRate) = (100, null, 0.01);

    /// <summary>Updates per epoch where each update has all ratings (no batch size). Validation then runs once per so many updates.</summary>
    [Range(1, 10_000)]
    public int UpdatesPerEpoch { get; init; } = 10;

    /// <summary>Units of the graph convolution; stacked levels divide them among themselves.</summary>
    [Range(1, 16_384)]
    [Search(100, 1000, Log = true)]
    public int Hidden { get; init; } = 500;

    /// <summary>Length of the vectors of users and items.</summary>
    [Range(1, 4096)]
    [Search(25, 150, Log = true)]
    public int Dimension { get; init; } = 75;

    /// <summary>How the messages of the rating levels are combined. <value>stack; the paper has sum on MovieLens-1M</value></summary>
    public LevelAccumulation Accumulate { get; init; } = LevelAccumulation.Stack;

    /// <summary>Whether a message is divided by sqrt(ratings of the sender x ratings of the receiver) instead of by the ratings of the receiver.</summary>
    public bool SymmetricNormalization { get; init; }

    /// <summary>Node dropout, the probability that all messages of a user or an item are dropped in an update; also the dropout rate of the input of the last layer. The graph holds the ratings that training predicts: with a low rate the model learns to read them off.</summary>
    [Range(0.0, 0.99)]
    [Search(0.2, 0.8)]
    public double Dropout { get; init; } = 0.7;

    /// <summary>n_b: number of basis matrices P; the bilinear form of each rating level is a linear combination of them.</summary>
    [Symbol("n_b")]
    [Range(1, 64)]
    [Search(1, 4)]
    public int Bases { get; init; } = 2;

    /// <summary>Units of the layer that reads features of users and items; 0 to read none. <value>0; the paper has 10 on MovieLens-100K and 64 with graphs of users or items</value></summary>
    [Range(0, 4096)]
    public int FeatureHidden { get; init; }

    /// <summary>The features of users. <value>all except text</value></summary>
    public IReadOnlyList<string> UserFields { get; init; } = [];

    /// <summary>The features of items. <value>all except text</value></summary>
    public IReadOnlyList<string> ItemFields { get; init; } = [];

    /// <summary>Training rows that a category must occur in; rarer categories are ignored.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>Decay of the exponential moving average of the weights, which predicts; 0 to predict with the weights of the last update.</summary>
    [Range(0.0, 0.99999)]
    public double AverageDecay { get; init; } = 0.995;
}

/// <summary>
/// GC-MC: a convolution over the graph of ratings, with separate weights for each rating level (equations 1 to 4, 7 and 8), gives vectors of users and items; bilinear forms of two vectors give the probabilities of
/// the levels (equations 9 to 11). A prediction is the expected rating. Minimizes the cross-entropy of all training ratings; an update has the whole graph with node dropout (sections 2.5 and 2.6). Predicts with an
/// exponential moving average of the weights, as the official code does. A separate layer reads features, and its output is concatenated with that of the convolution (section 2.7); here its bias is inside the ReLU, in the
/// code after it. The vector of a user depends only on the items rated, so a cold-start user with ratings gets one too. Where the user or the item has neither ratings nor features, the prediction is the mean training
/// rating; the paper's decoder would give the middle of the scale.
/// </summary>
internal sealed class Gcmc : Model, IRatingModel
{
    private const int RequestsAtOnce = 64;

    private readonly GcmcOptions options;
    private readonly RatingLevels levels;
    private readonly RatedGraph graph;
    private readonly GcmcNetwork network;
    private readonly GcmcNetwork? average;
    private readonly Tensor updates; // number done so far, saved for resuming
    private readonly float mean;
    private (Tensor Users, Tensor Items)? nodes; // [users, d] and [items, d]
    private (bool[] Users, bool[] Items) known = ([], []); // which of them have ratings or features

    public Gcmc(GcmcOptions options, ModelShape shape)
        : base(nameof(Gcmc), shape, options)
    {
        this.options = options;
        levels = shape.Get<RatingLevels>();
        var rated = shape.Get<InteractionGraph>().ItemsOfUsers;
        mean = rated.EntryCount == 0 ? levels.Values[0] : rated.Values.ToArray().Average();
        graph = new RatedGraph(rated, levels, options.SymmetricNormalization);
        network = new GcmcNetwork(options, shape);
        average = options.AverageDecay > 0 ? new GcmcNetwork(options, shape) : null;
        updates = zeros(1, int64);
        if (average is not null)
        {
            WeightAverage.Begin(average, network);
        }

        RegisterComponents();
        Scorer = new CatalogScorer(Expected);
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<GcmcOptions>((options, shape) => new Gcmc(options, shape))
    {
        Id = "gcmc",
        Name = "GC-MC",
        Family = "Graph",
        Summary = "Rating prediction by convolution over the graph of users and items, rating level by rating level.",
        Paper = "R. van den Berg, T. N. Kipf and M. Welling: Graph Convolutional Matrix Completion. KDD Deep Learning Day 2018 (arXiv 1706.02263).",
        Answers = Capabilities.Everyone,
        PredictsRatings = true,
        Inputs =
        [
            RatingClasses.Required,
            InteractionGraph.Input.OfRatings,
            new EntityFeatures<GcmcOptions>(options => options.FeatureHidden == 0 ? null : new(options.ItemFields, options.MinimumCount) { Users = options.UserFields, NumberTransform = NumericTransform.MinMax }) { OfUsersToo = true },
        ],
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public bool PredictsUnrated => network.ReadsFeatures;

    /// <inheritdoc/>
    public override Tensor? ItemVectors
    {
        get
        {
            MakeReady();
            return nodes!.Value.Items;
        }
    }

    // The network that predicts.
    private GcmcNetwork Best => average ?? network;

    /// <inheritdoc/>
    public override GradientTraining<RatedGraphBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var done = 0L;
        return new GradientTraining<RatedGraphBatch>(this, options, run, new RatedGraphSource(graph, options.BatchSize, options.UpdatesPerEpoch), Loss)
        {
            Trainable = () => network.parameters(),
            MoreUpdates = options.BatchSize is null ? "raise updates-per-epoch or epochs" : ITraining.SmallerBatches,
            Note = _ => options.FeatureHidden > 0 || !HasFeatures(train.Data) ? null : "The features and graphs of users and items are not read. Set feature-hidden, for example to 10 or 64, to read them.",
            EpochStarting = (_, _) => done = updates.item<long>(),
            StepDone = step =>
            {
                updates.fill_(done + step);
                if (average is not null)
                {
                    WeightAverage.Follow(average, network, done + step, options.AverageDecay);
                }
            },
        };
    }

    /// <summary>The mean cross-entropy of the levels of a batch.</summary>
    public Tensor Loss(RatedGraphBatch batch)
    {
        var (users, items) = network.Encode(batch.Graph, batch.Users, batch.Items);
        return nn.functional.cross_entropy(network.Logits(users, items, batch.Columns, batch.Offsets), batch.Levels);
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values)
    {
        MakeReady();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (u, v) = (Array.ConvertAll(users.ToArray(), user => Math.Max(0, user)), Array.ConvertAll(items.ToArray(), item => Math.Max(0, item)));
        var (ofUsers, ofItems) = nodes!.Value;
        levels.Expectation(Best.Logits(ofUsers.index_select(0, tensor(u)), ofItems.index_select(0, tensor(v)))).CopyValues(values);
        for (var pair = 0; pair < values.Length; pair++)
        {
            values[pair] = IsKnown(known.Users, users[pair]) && IsKnown(known.Items, items[pair]) ? values[pair] : mean;
        }
    }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        var (users, items) = Best.Encode(graph.Whole, null, null);
        DropNodes();
        nodes = (users.to(CPU).DetachFromDisposeScope(), items.to(CPU).DetachFromDisposeScope());
        known = ([.. Enumerable.Range(0, Shape.Users).Select(user => graph.OfUsers.Length(user) > 0 || Best.HasFeatures(FieldSource.User, user))],
            [.. Enumerable.Range(0, Shape.Items).Select(item => graph.OfItems.Length(item) > 0 || Best.HasFeatures(FieldSource.Item, item))]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        DropNodes();
        graph.Dispose();
        base.Dispose(disposing);
    }

    private static bool HasFeatures(Dataset data) =>
        (data.UserFeatures?.Columns ?? []).Concat(data.ItemFeatures?.Columns ?? []).Any(column => column is not Tastemaker.Data.Features.TextColumn);

    private static bool IsKnown(bool[] known, int index) => index >= 0 && known[index];

    private void DropNodes()
    {
        nodes?.Users.Dispose();
        nodes?.Items.Dispose();
        nodes = null;
    }

    private void Expected(RequestBatch requests, Span<float> scores)
    {
        var items = nodes!.Value.Items;
        for (var first = 0; first < requests.Count; first += RequestsAtOnce)
        {
            using var scope = NewDisposeScope();
            var some = requests.Slice(first, Math.Min(RequestsAtOnce, requests.Count - first));
            var into = scores.Slice(first * Shape.Items, some.Count * Shape.Items);
            levels.Expectation(Best.AllLogits(Users(some), items)).CopyValues(into); // [requests, items]
            for (var request = 0; request < some.Count; request++)
            {
                var ofUser = into.Slice(request * Shape.Items, Shape.Items);
                var isUnknown = !IsKnown(known.Users, some.Users[request]) && some.History(request).IsEmpty;
                for (var item = 0; item < Shape.Items; item++)
                {
                    ofUser[item] = isUnknown || !known.Items[item] ? mean : ofUser[item];
                }
            }
        }
    }

    // The vectors of requests [requests, d]: those of training users are stored, others follow from the ratings of the request.
    private Tensor Users(RequestBatch requests)
    {
        var isKnown = requests.Users.ToArray().Select(user => IsKnown(known.Users, user)).ToArray();
        var stored = nodes!.Value.Users.index_select(0, tensor(Array.ConvertAll(requests.Users.ToArray(), user => Math.Max(0, user))));
        if (Array.TrueForAll(isKnown, one => one))
        {
            return stored;
        }

        var all = new bool[Shape.Items];
        Array.Fill(all, true);
        var rated = RatingTensors.Of(requests, all, Shape.MaximumValue, CPU);
        using var own = new RatedGraph(
            new SparseRows(rated.Offsets.ToValues<int>(), rated.Columns.ToValues<int>(), Shape.Items, rated.Values.ToValues<float>()), levels, options.SymmetricNormalization, graph.OfItems);
        var folded = Best.EncodeUsers(own.Whole);
        return where(tensor(isKnown).unsqueeze(1), stored, folded.to(CPU));
    }
}
