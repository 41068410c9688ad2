using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Solvers.FoldIn;
using Tastemaker.Systems;
using Tastemaker.Training;
using Tastemaker.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>Hyper-parameters of CML and CML+F.</summary>
public sealed record CmlOptions : GradientModelOptions
{
    /// <summary>
    /// The defaults; batches of at most 2000, such that an epoch has 20 updates. Adagrad's first steps move every coordinate by the learning rate, and a vector of the
    /// ball has coordinates of about 1 / sqrt(r): steps of 0.1 throw users with few items about, and the best epoch is then one of the first.
    /// </summary>
    public CmlOptions() => (Epochs, BatchSize, Optimizer, LearningRate) = (60, null, OptimizerKind.Adagrad, 0.03);

    /// <summary>Values r per user and item.</summary>
    [Symbol("r")]
    [Range(1, 4096)]
    [Search(16, 256, Log = true)]
    public int Dimension { get; init; } = 100;

    /// <summary>
    /// How much nearer an item of the user's must be than another one, m, in squared distances, which are 4 at most. Decisive. <value>1.9, as in the
    /// authors' later code; the paper has 0.5</value>
    /// </summary>
    [Symbol("m")]
    [Range(0.0, 4.0)]
    [Search(0.5, 2)]
    public double Margin { get; init; } = 1.9;

    /// <summary>
    /// Items U drawn for each pair that the user lacks. The nearest of them enters the loss; how many are too near tells the rank. In a small catalog the nearest of
    /// many is mostly an item that the user would like, which must not be pushed away. <value>none: one per 250 items of the catalog, from 1 to the 20 of the authors' code</value>
    /// </summary>
    [Range(1, 1000)]
    [Search(1, 20, Log = true)]
    public int? Negatives { get; init; }

    /// <summary>The options with the batch size and the number of sampled negatives that suit the data.</summary>
    internal static CmlOptions Derive(CmlOptions options, TrainingSet train) => BatchRule.Of(options, train.Interactions.Count, updates: 20, largest: 2000) with
    {
        Negatives = options.Negatives ?? Math.Clamp(train.ItemCount / 250, 1, 20),
    };

    /// <summary>Whether pairs weigh by the logarithm of their rank.</summary>
    public bool RankWeight { get; init; } = true;

    /// <summary>Weight of the covariance of dimensions, of which dimensions of little use die. <value>0, as in the authors' later code; the paper has 10</value></summary>
    [Range(0.0, 1e6)]
    public double Covariance { get; init; }

    /// <summary>
    /// Item features to learn from as well (CML+F), such as genres or tags(minimum-count=5); items without interactions are placed by them.
    /// <value>none</value>
    /// </summary>
    public IReadOnlyList<string> ItemFields { get; init; } = [];

    /// <summary>Training rows that a category of an item field must occur in to be read.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>CML+F: units of the hidden layer between features and vectors.</summary>
    [Range(1, 8192)]
    public int Hidden { get; init; } = 256;

    /// <summary>CML+F: share of hidden units dropped while training.</summary>
    [Range(0.0, 0.95)]
    [Search(0, 0.7)]
    public double Dropout { get; init; } = 0.5;

    /// <summary>CML+F: how strongly an item's vector is held to where its features put it.</summary>
    [Range(0.0, 1000.0)]
    [Search(0.01, 10, Log = true)]
    public double FeatureWeight { get; init; } = 1;

    /// <summary>
    /// CML+F: whether the feature loss of a step is over all items, as in the authors' code, and not over those of the batch. Each step then runs the
    /// network over the whole catalog.
    /// </summary>
    [AddedLater]
    public bool FeatureLossOverAll { get; init; }

    /// <summary>CML+F: learning rate of the network over features, which Adam trains.</summary>
    [Range(1e-8, 10.0)]
    [Search(1e-4, 1e-2, Log = true)]
    public double FeatureLearningRate { get; init; } = 1e-3;
}

/// <summary>
/// Collaborative metric learning: users and items are points in the unit ball, and what a user likes is near. The score is -d(u, v)^2. With item features
/// (CML+F) a network learns where features put an item: a prior for items with interactions, the place of those without.
/// Losses are sums over the pairs of a batch, as in the paper, and not means. Cold-start users, of whom the paper says nothing, are put where the same loss wants them, the
/// items frozen (<see cref="FoldInSolver"/>).
/// </summary>
internal sealed class Cml : Model
{
    private readonly CmlOptions options;
    private readonly EmbeddingTable users; // fields, because state_dict names parameters by their fields
    private readonly EmbeddingTable items;
    private readonly ItemProjection? projection;
    private readonly Tensor? met; // [items], 1 where training has an interaction
    private Lazy<FoldInSolver>? fit;
    private (Tensor Users, Tensor Items)? touched; // rows of the running step

    public Cml(CmlOptions options, ModelShape shape)
        : base(nameof(Cml), shape, options)
    {
        this.options = options;
        users = new EmbeddingTable(shape.Users, options.Dimension, InBall);
        items = new EmbeddingTable(shape.Items, options.Dimension, InBall) { AlwaysWhole = options.FeatureLossOverAll && shape.Features is not null };
        if (shape.Features is { } space)
        {
            projection = new ItemProjection(space, options.Hidden, options.Dimension, options.Dropout);
            met = ones(shape.Items);
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            items.Weight.copy_(projection.Everything());
        }

        RegisterComponents();

        // -|u - v|^2 = u . 2v - |v|^2 - |u|^2.
        Scorer = new InnerProduct(
            options.Dimension,
            hasBiases: true,
            requests => QueryPoints(requests) is var u ? Queries.Of(u, -u.square().sum([1])) : default,
            () => Places() is var v ? ItemTable.Of(v * 2, -v.square().sum([1])) : default);
    }

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<CmlOptions>((options, shape) => new Cml(options, shape))
    {
        Id = "cml",
        Name = "CML",
        Family = "Mlp",
        Summary = "Puts users near the items they like, in one metric space; with item features also items that nobody has met yet.",
        Paper = "C.-K. Hsieh, L. Yang, Y. Cui, T.-Y. Lin, S. Belongie and D. Estrin: Collaborative Metric Learning. WWW 2017.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Inputs = [new EntityFeatures<CmlOptions>(options => options.ItemFields.Count == 0 ? null : new(options.ItemFields, options.MinimumCount))],
        Derive = CmlOptions.Derive,
    };

    /// <inheritdoc/>
    public override Tensor? ItemVectors => Places();

    private int Negatives => options.Negatives ?? throw new InvalidOperationException("The number of sampled negatives has not been derived from the data.");

    /// <summary>u [users, r].</summary>
    public EmbeddingTable Users => users;

    /// <summary>v [items, r].</summary>
    public EmbeddingTable Items => items;

    /// <summary>f; null without item features.</summary>
    public ItemProjection? Projection => projection;

    /// <summary>Where items are [items, r]: at v_j, and those without interactions at f(x_j).</summary>
    public Tensor Places()
    {
        using var grad = no_grad();
        return projection is null ? items.Weight.alias() : where(met!.unsqueeze(1) > 0, items.Weight, projection.Everything());
    }

    /// <inheritdoc/>
    public override GradientTraining<PairwiseBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        if (met is not null)
        {
            using var scope = NewDisposeScope();
            var known = new float[Shape.Items];
            foreach (var item in train.Seen.Columns)
            {
                known[item] = 1;
            }

            met.copy_(tensor(known));
        }

        return new GradientTraining<PairwiseBatch>(this, options, run, new PairwiseSource(train, options.ExamplesPerUpdate, Negatives, onlyMet: projection is not null), Loss)
        {
            Trainable = () => [users.Weight, items.Weight],
            MakeOptimizer = projection is null ? null : (kind, parameters, weightDecay) => new JointOptimizer(
                ("places", Optimizer.Create(kind, parameters, options.Momentum, weightDecay), 1),
                ("projection", Optimizer.Create(OptimizerKind.Adam, new ParameterSet(this, projection.parameters())), options.FeatureLearningRate / options.LearningRate)),
            StepDone = _ => Project(),
            Ended = ForgetTouched,
        };
    }

    /// <summary>The loss of a batch of pairs.</summary>
    public Tensor Loss(PairwiseBatch batch)
    {
        var (hardest, weights) = Compared(batch);
        var both = cat([batch.Positives, hardest]);
        Touch(batch.Users, both);
        var u = users.forward(batch.Users); // [B, r]
        var v = items.forward(both); // [2B, r]
        var (chosen, other) = (v.narrow(0, 0, batch.Count), v.narrow(0, batch.Count, batch.Count));
        var loss = MetricLosses.Hinge(MetricLosses.SquaredDistance(u, chosen), MetricLosses.SquaredDistance(u, other), options.Margin, weights);
        loss = options.Covariance > 0 ? loss + (options.Covariance * MetricLosses.Covariance(cat([u, v]))) : loss;
        return projection is null ? loss : loss + (options.FeatureWeight * FeatureLoss(projection, both, v));
    }

    // Squared distances of items from where their features put them, summed over those of the batch or over all.
    private Tensor FeatureLoss(ItemProjection projection, Tensor batch, Tensor batchVectors) => (options.FeatureLossOverAll
        ? MetricLosses.SquaredDistance(projection.Forward([.. Enumerable.Range(0, Shape.Items)]), items.Weight)
        : MetricLosses.SquaredDistance(projection.Forward(batch.ToValues<int>()), batchVectors)).sum();

    /// <summary>Of the items drawn for each pair, the one nearest to the user [B], and the pair's weight [B], a constant for the gradient.</summary>
    internal (Tensor Hardest, Tensor Weights) Compared(PairwiseBatch batch)
    {
        using var grad = no_grad();
        var u = users.Weight.index_select(0, batch.Users);
        var near = MetricLosses.SquaredDistance(u, items.Weight.index_select(0, batch.Positives)); // [B]
        var far = MetricLosses.CandidateDistances(u, items.Weight, batch.Negatives); // [B, U]
        var hardest = batch.Negatives.gather(1, far.argmin(1).unsqueeze(1)).squeeze(1);
        var impostors = far.lt((near + options.Margin).unsqueeze(1)).sum(1);
        return (hardest, options.RankWeight ? MetricLosses.RankWeight(impostors, Negatives, Shape.Items).to_type(u.dtype) : ones_like(near));
    }

    private void Project()
    {
        // An optimizer of whole tables may move rows that are not in the batch.
        Project(users, touched?.Users);
        Project(items, touched?.Items);
        ForgetTouched();
    }

    /// <summary>Differences of -|u - v|^2 between items are those of u . 2v - |v|^2.</summary>
    protected override void Prepare() => fit = new(() =>
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var v = Places();
        float[] weights = [.. Enumerable.Range(0, Shape.Items).Select(rank => options.RankWeight ? MathF.Log(1 + rank) : 1)];
        return new FoldInSolver(
            (v * 2).ToValues<float>(), (-v.square().sum([1])).ToValues<float>(), users.Weight.ToValues<float>(), options.Dimension, new RankLoss((float)options.Margin, weights) { MaximumNorm = 1 });
    });

    // Where known users are, and where the ranking loss puts a cold-start user, the items frozen [requests, r].
    private Tensor QueryPoints(RequestBatch requests) => FoldInSolver.Rows(requests, rows => users.Weight.index_select(0, tensor(rows, device: users.Weight.device)), fit!);

    // N(0, 1/r) per coordinate, as in the authors' code, so that vectors begin about as long as the ball is wide.
    private static void InBall(Tensor vectors)
    {
        Initializers.Normal(1 / Math.Sqrt(vectors.shape[1]))(vectors);
        UnitBall.Project(vectors);
    }

    private void Touch(Tensor userRows, Tensor itemRows)
    {
        ForgetTouched();
        if (users.RowMode || items.RowMode)
        {
            touched = (userRows.alias().DetachFromDisposeScope(), itemRows.alias().DetachFromDisposeScope());
        }
    }

    private void ForgetTouched()
    {
        touched?.Users.Dispose();
        touched?.Items.Dispose();
        touched = null;
    }

    private static void Project(EmbeddingTable table, Tensor? rows)
    {
        if (table.RowMode && rows is not null)
        {
            UnitBall.Project(table.Weight, rows);
        }
        else
        {
            UnitBall.Project(table.Weight);
        }
    }
}
