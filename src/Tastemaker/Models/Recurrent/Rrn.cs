using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using Tastemaker.Training.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>Hyper-parameters of <see cref="Rrn"/>.</summary>
public sealed record RrnOptions : GradientModelOptions
{
    /// <summary>Adam at 0.003 with weight decay of the networks. Batches of at most 16 users or items.</summary>
    public RrnOptions() => (Epochs, BatchSize, LearningRate, WeightDecay, ClipNorm) = (30, null, 3e-3, 3e-4, 5);

    /// <summary>Length in days of a time step of users. <value>1; the paper also has 60</value></summary>
    [Range(0.001, 10_000.0)]
    public double UserStepDays { get; init; } = 1;

    /// <summary>Length in days of a time step of items. <value>7; the paper also has 60</value></summary>
    [Range(0.001, 10_000.0)]
    public double ItemStepDays { get; init; } = 7;

    /// <summary>Length of the input of an LSTM. <value>40</value></summary>
    [Range(1, 1024)]
    public int Embedding { get; init; } = 40;

    /// <summary>Number of units of an LSTM. <value>40</value></summary>
    [Range(1, 1024)]
    [Search(20, 80, Log = true)]
    public int Units { get; init; } = 40;

    /// <summary>Length of the dynamic vectors, which are computed from the states of the LSTMs. <value>20</value></summary>
    [Range(1, 1024)]
    public int DynamicDimension { get; init; } = 20;

    /// <summary>Length of the stationary vectors, which do not change over time. <value>20; the paper has 160 on IMDb</value></summary>
    [Range(1, 4096)]
    [Search(10, 160, Log = true)]
    public int Dimension { get; init; } = 20;

    /// <summary>Whether there are LSTMs. Without them RRN is matrix factorization, which trains for the pre-training epochs only.</summary>
    public bool Dynamic { get; init; } = true;

    /// <summary>Whether predictions have a mean and biases of users and items, and the LSTMs read ratings minus the mean; the paper's equations have neither.</summary>
    public bool Biases { get; init; } = true;

    /// <summary>Epochs in which only the stationary vectors and biases learn. They come before those of epochs: a run has as many as both together.</summary>
    [Range(0, 1000)]
    public int PretrainingEpochs { get; init; } = 10;

    /// <summary>Learning rate of stationary vectors and biases.</summary>
    [Range(1e-6, 10.0)]
    [Search(1e-3, 1e-1, Log = true)]
    public double FactorLearningRate { get; init; } = 0.01;

    /// <summary>L2 regularization of stationary vectors and biases, per rating.</summary>
    [Range(0.0, 10.0)]
    [Search(0.005, 0.2, Log = true)]
    public double Regularization { get; init; } = 0.05;
}

/// <summary>
/// RRN: a rating is the inner product of two dynamic vectors plus that of two stationary vectors (equation 5). An LSTM follows the ratings of each user and another those of each item; their states give the dynamic vectors.
/// At a time step an LSTM reads the ratings of the step before, whether the step is the first, and the clocks of both steps (equation 2), so that a state has never seen the ratings that it predicts. Training alternates: a pass over
/// the users with the states of items held fixed, then a pass over the items with those of users held fixed (section 3.3). The stationary part learns first alone; its vectors then initialize the input weights of the LSTMs (ours).
/// Stationary vectors learn by Adam at their own learning rate, where the paper has SGD. To predict a later rating, states are advanced to that time; they read new ratings without training.
/// </summary>
internal sealed class Rrn : Model, IRatingModel
{
    private const double Deviation = 0.1; // of stationary vectors at the start

    private readonly RrnOptions options;
    private readonly RrnDynamics dynamics;
    private readonly EmbeddingTable userFactors; // the last component is the bias
    private readonly EmbeddingTable itemFactors;

    public Rrn(RrnOptions options, ModelShape shape)
        : base(nameof(Rrn), shape, options)
    {
        this.options = options;
        dynamics = new RrnDynamics(options, shape);
        userFactors = new EmbeddingTable(shape.Users, options.Dimension + 1, BeginFactors);
        itemFactors = new EmbeddingTable(shape.Items, options.Dimension + 1, BeginFactors);
        RegisterComponents();
        Scorer = new InnerProduct(options.DynamicDimension + options.Dimension, hasBiases: true, OfRequests, AllItems);
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<RrnOptions>((options, shape) => new Rrn(options, shape))
    {
        Id = "rrn",
        Name = "RRN",
        Family = "Recurrent",
        Summary = "Rating prediction for the future by two recurrent networks that follow users and items over time.",
        Paper = "C.-Y. Wu, A. Ahmed, A. Beutel, A. J. Smola and H. Jing: Recurrent Recommender Networks. WSDM 2017.",
        Answers = Capabilities.Everyone,
        PredictsRatings = true,
        ScoresByInnerProduct = true,
        FollowsUsers = true,
        Inputs = [RatingValues.Required, EventHistories.Input.Required],
        Derive = (options, train) => BatchRule.Of(options, train.ByUser, updates: 20, largest: 16),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.PretrainingEpochs + (options.Dynamic ? options.Epochs : 0), FirstMeasured: options.Dynamic ? options.PretrainingEpochs : 0);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override GradientTraining<RrnBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var (alone, together) = (new RrnSource(dynamics.Timeline, options.ExamplesPerUpdate, bothSides: false), new RrnSource(dynamics.Timeline, options.ExamplesPerUpdate, bothSides: true));
        var learnsAlone = false;
        return new GradientTraining<RrnBatch>(this, options, run, options.PretrainingEpochs > 0 ? alone : together, batch => learnsAlone ? StationaryLoss(batch) : Loss(batch))
        {
            MakeOptimizer = (kind, _, decay) => new JointOptimizer(
                ("networks", Optimizer.Create(kind, new ParameterSet(this, dynamics.parameters()), options.Momentum, decay), 1),
                ("factors", Optimizer.Create(kind, new ParameterSet(this, [userFactors.Weight, itemFactors.Weight]), options.Momentum), options.FactorLearningRate / options.LearningRate)),
            StageOf = epoch =>
            {
                learnsAlone = epoch < options.PretrainingEpochs;
                return new GradientStage<RrnBatch>(learnsAlone ? "stationary" : "", options.Optimizer, options.LearningRate, options.WeightDecay, learnsAlone ? alone : together);
            },
            EpochStarting = (epoch, _) =>
            {
                if (epoch > 0 && epoch == options.PretrainingEpochs)
                {
                    dynamics.BeginAt(userFactors.Weight.narrow(1, 0, options.Dimension), itemFactors.Weight.narrow(1, 0, options.Dimension));
                }
            },
            Ended = dynamics.Thaw,
        };
    }

    /// <summary>The mean squared error of the ratings of some users with the states of items held fixed, or of some items with those of users held fixed; with L2 regularization.</summary>
    public Tensor Loss(RrnBatch batch)
    {
        if (batch.IsFirst)
        {
            dynamics.Freeze(!batch.IsOfUsers);
        }

        var products = (dynamics.Vectors(batch) * dynamics.Frozen(!batch.IsOfUsers, batch.OtherSteps)).sum(1); // [n]
        var (p, q) = batch.IsOfUsers ? (userFactors, itemFactors) : (itemFactors, userFactors);
        return Error(batch, products, p.forward(batch.Owners), q.forward(batch.Others).detach());
    }

    /// <summary>The same for the stationary part alone; vectors of users and of items both learn.</summary>
    public Tensor StationaryLoss(RrnBatch batch) => Error(batch, null, userFactors.forward(batch.Owners), itemFactors.forward(batch.Others));

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values) => Predict(users, items, [], values);

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, ReadOnlySpan<long> times, Span<float> values)
    {
        MakeReady();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (u, i, at) = (users.ToArray(), items.ToArray(), times.IsEmpty ? [.. Enumerable.Repeat(dynamics.Until, users.Length)] : times.ToArray());
        var sum = (Factors(userFactors, u) * Factors(itemFactors, i)).sum(1) + Biases(userFactors, u) + Biases(itemFactors, i) + dynamics.Mean;
        (options.Dynamic ? sum + (dynamics.At(true, u, at) * dynamics.At(false, i, at)).sum(1) : sum).CopyValues(values);
    }

    /// <inheritdoc/>
    protected override void Prepare() => dynamics.Prepare();

    // Lists show predicted ratings: the mean and the user's bias are common to all items.
    private Queries OfRequests(RequestBatch requests) => Queries.Of(
        cat([dynamics.OfRequests(requests), Factors(userFactors, requests.Users.ToArray())], 1), Biases(userFactors, requests.Users.ToArray()) + dynamics.Mean);

    private void BeginFactors(Tensor factors)
    {
        Initializers.Normal(Deviation)(factors);
        factors.narrow(1, options.Dimension, 1).zero_();
    }

    private Tensor Error(RrnBatch batch, Tensor? dynamic, Tensor p, Tensor q)
    {
        var k = options.Dimension;
        var rating = dynamics.Mean + (p.narrow(1, 0, k) * q.narrow(1, 0, k)).sum(1);
        rating = dynamic is null ? rating : rating + dynamic;
        rating = options.Biases ? rating + p.select(1, k) + q.select(1, k) : rating;
        return (rating - batch.Ratings).square().mean() + (options.Regularization * (p.square().sum(1) + q.square().sum(1)).mean());
    }

    private Tensor Factors(EmbeddingTable table, int[] rows) => table.OfKnown(rows).narrow(1, 0, options.Dimension);

    private Tensor Biases(EmbeddingTable table, int[] rows) => options.Biases ? table.OfKnown(rows).select(1, options.Dimension) : zeros(rows.Length, device: table.Weight.device);

    // At the end of the training data.
    private ItemTable AllItems()
    {
        int[] all = [.. Enumerable.Range(0, Shape.Items)];
        return ItemTable.Of(cat([dynamics.At(false, all, [.. Enumerable.Repeat(dynamics.Until, all.Length)]), Factors(itemFactors, all)], 1), Biases(itemFactors, all));
    }
}
