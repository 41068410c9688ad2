using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Boltzmann;

/// <summary>What the hidden units of a Boltzmann machine are.</summary>
public enum HiddenUnits
{
    /// <summary>On or off: on with probability 1 / (1 + exp(-input)).</summary>
    Binary,

    /// <summary>Normal around the input with variance 1.</summary>
    Gaussian,
}

/// <summary>How a Boltzmann machine predicts a rating from the ratings it is given.</summary>
public enum RatingInference
{
    /// <summary>From the expected hidden units, one pass for all columns: what the paper's experiments use.</summary>
    MeanField,

    /// <summary>By the exact conditional distribution of the one rating, summed over all hidden states: K times as many functions of hidden units.</summary>
    Exact,
}

/// <summary>
/// Hyper-parameters of RBM-CF; the defaults are the paper's for Netflix, but for the batch, which is at most its 1000 rows and such that an epoch has 20
/// updates. The paper's step of 0.01 / batch size on sums is the learning rate of 0.01 here, because losses are means over rows.
/// </summary>
public sealed record RbmCfOptions : GradientModelOptions
{
    /// <summary>Steps of 0.01 with momentum 0.9, and 50 epochs, as in the paper.</summary>
    public RbmCfOptions() => (Epochs, BatchSize, Optimizer, LearningRate, Momentum) = (50, null, OptimizerKind.Sgd, 0.01, 0.9);

    /// <summary>Hidden units F; the paper takes 500 with factors. <value>100</value></summary>
    [Range(1, 65_536)]
    [Search(20, 500, Log = true)]
    public int Hidden { get; init; } = 100;

    /// <summary>What hidden units are; Gaussian ones do worse in the paper.</summary>
    public HiddenUnits HiddenUnits { get; init; } = HiddenUnits.Binary;

    /// <summary>C: writes the weights of a column and level as a product of C numbers with a matrix [C, F] that all share; 0 for free weights. The paper takes 30.</summary>
    [Symbol("C")]
    [Range(0, 65_536)]
    public int Factors { get; init; }

    /// <summary>Whether which columns a row has rated acts on its hidden units, whatever the ratings (matrix D). Only columns rated in training count.</summary>
    public bool Conditional { get; init; }

    /// <summary>Learning rate of D, as a share of that of the rest: rows may have thousands of ratings, and all of them act at once. <value>0.1</value></summary>
    [Range(0.0, 10.0)]
    [Search(0.01, 1.0, Log = true)]
    public double ConditionalRate { get; init; } = 0.1;

    /// <summary>T: steps of the chain of contrastive divergence, in the order they come into force.</summary>
    [Symbol("T")]
    [Range(1, 1000)]
    public IReadOnlyList<int> GibbsSteps { get; init; } = [1, 3, 5, 9];

    /// <summary>Epochs (from 0) from which the second, third, ... number of steps is in force: one fewer than there are numbers of steps.</summary>
    [Range(1, 100_000)]
    public IReadOnlyList<int> GibbsGrowth { get; init; } = [18, 28, 42];

    /// <summary>Whether the chain draws ratings too; else it goes on with their probabilities, which varies less. Hidden units are always drawn.</summary>
    public bool SampleRatings { get; init; }

    /// <summary>Half of this times the squares of weights is added to the loss; biases are free. <value>0.001</value></summary>
    [Range(0.0, 10.0)]
    [Search(1e-4, 1e-1, Log = true)]
    public double Regularization { get; init; } = 0.001;

    /// <summary>Standard deviation of initial weights. <value>0.01</value></summary>
    [Range(0.0, 1.0)]
    public double InitialDeviation { get; init; } = 0.01;

    /// <summary>How ratings are predicted.</summary>
    public RatingInference Inference { get; init; } = RatingInference.MeanField;

    /// <summary>How the reconstructions of observed ratings are computed; a matter of time only.</summary>
    public ObservedOutput ObservedOutput { get; init; } = ObservedOutput.Auto;
}

/// <summary>
/// Restricted Boltzmann machines of ratings (Salakhutdinov, Mnih, Hinton 2007): a softmax unit with K levels for each rating a row has, none for those
/// it has not, and F hidden units, with the weights shared by all rows. Energy E(V, h) = - sum h_j v_i^k W_ij^k - sum v_i^k b_i^k - sum h_j b_j,
/// the b_j with the rated columns' D_ij where the machine is conditional.
/// </summary>
/// <remarks>
/// Trained by contrastive divergence, which is the gradient of F(V) - F(V_T), with F the free energy and the chain's end V_T held fixed. The mean is over
/// rows. Statistics are those of probabilities; only the chain draws. D reads rated training columns; the paper's variant in which it also reads which
/// columns will be asked for (rated but unknown) is not offered, because it learns from the test set.
/// </remarks>
internal sealed class RbmCf : RatingAutoencoder
{
    private readonly RbmCfOptions options;
    private readonly RatingLevels levels;
    private readonly EmbeddingBag weights; // W [columns K, F], or A [columns K, C]
    private readonly Parameter bias; // b_i^k [columns K]
    private readonly Parameter hiddenBias; // b_j [F]
    private readonly Parameter? factors; // B [C, F]
    private readonly EmbeddingBag? condition; // D [columns, F]

    public RbmCf(RbmCfOptions options, ModelShape shape, RatingSide side)
        : base(nameof(RbmCf), shape, options, side, shape.Get<RatingLevels>().Count)
    {
        this.options = options;
        levels = shape.Get<RatingLevels>();
        Check(options);
        Steps = options.GibbsSteps[0];
        var width = options.Factors > 0 ? options.Factors : options.Hidden;
        weights = Bag(ColumnCount * (long)Outputs, width);
        bias = nn.Parameter(zeros(ColumnCount * (long)Outputs));
        hiddenBias = nn.Parameter(zeros(options.Hidden));
        factors = options.Factors > 0 ? nn.Parameter(empty(width, options.Hidden)) : null;
        condition = options.Conditional ? Bag(ColumnCount, options.Hidden) : null;
        using (no_grad())
        {
            // Of a product, so that its entries have the deviation asked for while the factors can move.
            var deviation = options.Factors > 0 ? Math.Sqrt(options.InitialDeviation / Math.Sqrt(width)) : options.InitialDeviation;
            weights.weight!.normal_(0, deviation);
            factors?.normal_(0, deviation);
            condition?.weight!.zero_();
        }

        RegisterComponents();
    }

    /// <summary>The catalog entry of the item model.</summary>
    public static SystemInfo OfItems { get; } = Entry(RatingSide.Items);

    /// <summary>The catalog entry of the user model.</summary>
    public static SystemInfo OfUsers { get; } = Entry(RatingSide.Users);

    /// <summary>T of the running epoch.</summary>
    public int Steps { get; private set; }

    /// <inheritdoc/>
    protected override (Tensor Weight, Tensor Bias) Output => (weights.weight!, bias);

    /// <inheritdoc/>
    protected override long PairNumbers => options.Inference is RatingInference.Exact ? options.Hidden * (Outputs + 1L) : base.PairNumbers;

    /// <inheritdoc/>
    public override GradientTraining<UserRowBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var training = base.Begin(train, run);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        bias.copy_(tensor(levels.LogRates(Rows)));
        training.EpochStarting = (epoch, _) => Steps = StepsAt(epoch);
        return training;
    }

    /// <inheritdoc/>
    public override Tensor Loss(UserRowBatch batch)
    {
        var rows = RatingTensors.Of(batch);
        var level = levels.Of(rows.Values); // [nnz]
        var data = nn.functional.one_hot(level, Outputs).to(bias.dtype); // [nnz, K]
        var (model, likelihood) = Chain(rows, level, Steps);
        var divergence = (FreeEnergy(rows, data) - FreeEnergy(rows, model)) / batch.Count;

        // What is reported is how well ratings are reconstructed, what is followed is the divergence: free energies have no scale that could fall.
        return divergence - divergence.detach() - likelihood + Decay();
    }

    /// <summary>F(V) summed over rows, a scalar, of ratings given by probabilities of levels [nnz, K]: - sum v b - sum_j log(1 + exp(input_j)).</summary>
    public Tensor FreeEnergy(RatingTensors rows, Tensor probabilities)
    {
        var visible = (bias.view(ColumnCount, Outputs).index_select(0, rows.Columns) * probabilities).sum();
        return -visible - LogPartition(Input(rows, probabilities)).sum();
    }

    /// <summary>The chain from the data after some steps: probabilities of levels (or levels drawn) [nnz, K], and the mean log likelihood of the data after the first.</summary>
    public (Tensor End, Tensor Likelihood) Chain(RatingTensors rows, Tensor level, int steps)
    {
        using var grad = no_grad();
        var input = Input(rows, level);
        Tensor? visible = null, likelihood = null;
        for (var step = 0; step < steps; step++)
        {
            var logits = Reconstruct(rows, Draw(input)).log_softmax(1); // [nnz, K]
            likelihood ??= logits.gather(1, level.unsqueeze(1)).mean();
            visible = options.SampleRatings ? nn.functional.one_hot(logits.exp().multinomial(1).squeeze(1), Outputs).to(bias.dtype) : logits.exp();
            input = step < steps - 1 ? Input(rows, visible) : input;
        }

        return (visible!, likelihood!);
    }

    /// <summary>T of an epoch (from 0).</summary>
    public int StepsAt(int epoch) => options.GibbsSteps[options.GibbsGrowth.Count(from => epoch >= from)];

    /// <inheritdoc/>
    protected override Tensor Encode(RatingTensors rows) => Input(rows, levels.Of(rows.Values));

    /// <inheritdoc/>
    protected override Tensor Decode(Tensor codes) => Projected(Mean(codes));

    /// <inheritdoc/>
    protected override Tensor Link(Tensor outputs) => levels.Expectation(outputs);

    /// <inheritdoc/>
    protected override Tensor PredictPairs(Tensor codes, Tensor columns) => options.Inference is RatingInference.MeanField
        ? base.PredictPairs(codes, columns)
        : levels.Expectation(ExactLogits(codes, columns));

    /// <inheritdoc/>
    protected override Tensor PredictAll(Tensor codes, Tensor? columns)
    {
        if (options.Inference is RatingInference.MeanField)
        {
            return base.PredictAll(codes, columns);
        }

        var chosen = columns ?? arange(ColumnCount, int64, codes.device);
        return stack([.. Enumerable.Range(0, (int)codes.shape[0]).Select(row =>
        {
            using var scope = NewDisposeScope();
            return PredictPairs(codes.narrow(0, row, 1), chosen).MoveToOuterDisposeScope();
        })]);
    }

    /// <summary>
    /// log p(v_q = k | V) of a row each but for a constant [n, K]: b_q^k + sum_j log(1 + exp(input_j + W_qj^k)). Inputs [n, F] (or one for all), columns
    /// [n] that are not among the ratings V.
    /// </summary>
    public Tensor ExactLogits(Tensor inputs, Tensor columns)
    {
        var own = weights.weight!.view(ColumnCount, Outputs, -1).index_select(0, columns); // [n, K, F or C]
        own = factors is null ? own : own.matmul(factors);
        return LogPartition(inputs.unsqueeze(1) + own).sum(-1) + bias.view(ColumnCount, Outputs).index_select(0, columns);
    }

    /// <summary>The inputs of hidden units [B, F] under ratings of certain levels [nnz], or of levels with probabilities [nnz, K].</summary>
    public Tensor Input(RatingTensors rows, Tensor level) => Conditioned(rows, level.dim() > 1
        ? weights.call(((rows.Columns * Outputs).unsqueeze(1) + arange(Outputs, int32, bias.device)).flatten(), rows.Offsets * Outputs, level.flatten()) // entries [nnz K]
        : weights.call((rows.Columns * Outputs) + level, rows.Offsets.to(int64)));

    private Tensor Conditioned(RatingTensors rows, Tensor sums)
    {
        var input = hiddenBias + (factors is null ? sums : sums.matmul(factors));
        if (condition is null)
        {
            return input;
        }

        // The same numbers, with the gradient of D scaled.
        var given = condition.call(rows.Columns, rows.Offsets);
        return input + (options.ConditionalRate * given) + ((1 - options.ConditionalRate) * given.detach());
    }

    private Tensor Reconstruct(RatingTensors rows, Tensor hidden) =>
        ObservedProducts.Of(Projected(hidden), weights.weight!, bias, rows.Columns, rows.Offsets, Outputs, options.ObservedOutput);

    private Tensor Projected(Tensor hidden) => factors is null ? hidden : hidden.matmul(factors.t());

    private Tensor Mean(Tensor input) => options.HiddenUnits is HiddenUnits.Binary ? input.sigmoid() : input;

    private Tensor Draw(Tensor input) => options.HiddenUnits is HiddenUnits.Binary ? input.sigmoid().bernoulli() : input + randn_like(input);

    // log of the sum (integral) over a hidden unit of exp(h input), up to a constant.
    private Tensor LogPartition(Tensor input) => options.HiddenUnits is HiddenUnits.Binary ? nn.functional.softplus(input) : 0.5 * input.square();

    private Tensor Decay()
    {
        Tensor?[] decayed = [weights.weight, factors, condition?.weight];
        return options.Regularization / 2 * decayed.OfType<Tensor>().Select(weight => weight.square().sum()).Aggregate((sum, next) => sum + next);
    }

    private static EmbeddingBag Bag(long rows, long width) => nn.EmbeddingBag(rows, width, mode: EmbeddingBagMode.Sum, include_last_offset: true);

    private static void Check(RbmCfOptions options)
    {
        if (options.GibbsSteps.Count != options.GibbsGrowth.Count + 1)
        {
            throw new InputException($"gibbs-steps has {options.GibbsSteps.Count} numbers and gibbs-growth {options.GibbsGrowth.Count}: the first number of steps holds from the start, so there must be one epoch for each other.");
        }
    }

    private static SystemInfo Entry(RatingSide side) => Entry<RbmCfOptions>(
        side,
        "rbm-cf",
        "RBM-CF",
        "Boltzmann",
        "Rating prediction by a restricted Boltzmann machine with a softmax unit a rating.",
        "Salakhutdinov, Mnih, Hinton: Restricted Boltzmann Machines for Collaborative Filtering. ICML 2007.",
        RatingClasses.Required,
        (options, shape, side) => new RbmCf(options, shape, side), RbmCfGraph.Export);
}
