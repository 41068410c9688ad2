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
        Inputs = [new EntityFeatures<CmlOptions>(options => new(options.ItemFields, options.MinimumCount)) { IsRequired = false }],
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
        if (options.Covariance > 0)
        {
            loss += options.Covariance * MetricLosses.Covariance(cat([u, v]));
        }

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

    // N(0, 1/r) a coordinate, as in the authors' code, so that vectors begin about as long as the ball is wide.
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
