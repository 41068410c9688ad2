using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Hybrid;

/// <summary>How the states of <see cref="Crae"/> make the code of a text.</summary>
public enum StatePooling
{
    /// <summary>The state of the encoder after the last word.</summary>
    Last,

    /// <summary>All states of encoder and decoder, weighted by a Beta distribution over their places.</summary>
    Beta,
}

/// <summary>Hyper-parameters of <see cref="Crae"/>.</summary>
public sealed record CraeOptions : TextOptions, IPulledFactorOptions
{
    /// <summary>
    /// Adam at 0.003, clipped at norm 5, with batches of at most 64 items, fewer where an epoch would have less than 50 updates. Words need five texts. States are as wide as word embeddings. Without weight decay the network memorizes the vectors
    /// of its items.
    /// </summary>
    public CraeOptions() => (Epochs, BatchSize, LearningRate, ClipNorm, WordDimension, MinimumCount, WeightDecay) = (30, null, 3e-3, 5, 64, 5, 1e-3);

    /// <summary>Words of a text at most, the first ones.</summary>
    [Range(1, 10_000)]
    public int TextWords { get; init; } = 100;

    /// <summary>K: values per user and item, and per code of a text.</summary>
    [Symbol("K")]
    [Range(1, 1024)]
    [Search(16, 128, Log = true)]
    public int Dimension { get; init; } = 50;

    /// <summary>Share of the words that a wildcard replaces before the encoder reads them in training.</summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.6)]
    public double WildcardRate { get; init; } = 0.4;

    /// <summary>How states make a code. <value>beta, the mean over all states with the values of a and b below; the last state, which the paper is said to prefer, hardly learns from texts of twenty words</value></summary>
    [SearchChoices("last", "beta")]
    public StatePooling Pooling { get; init; } = StatePooling.Beta;

    /// <summary>a of the Beta distribution; with a = b = 1 all states count alike.</summary>
    [OnlyWith("pooling", "beta")]
    [Symbol("a")]
    [Range(1e-3, 1e6)]
    public double BetaA { get; init; } = 1;

    /// <summary>b of the Beta distribution.</summary>
    [OnlyWith("pooling", "beta")]
    [Symbol("b")]
    [Range(1e-3, 1e6)]
    public double BetaB { get; init; } = 1;

    /// <summary>lambda_s: precision of the Gaussian states; large for an ordinary recurrent network. <value>10; the paper's value is not known</value></summary>
    [Symbol("lambda_s")]
    [Range(1e-3, 1e12)]
    public double StatePrecision { get; init; } = 10;

    /// <summary>Epochs of the autoencoder by itself, before all is trained jointly for the epochs of epochs.</summary>
    [Range(0, 10_000)]
    public int PretrainingEpochs { get; init; } = 5;

    /// <summary>Weight of observed pairs.</summary>
    [Range(1e-6, 1e6)]
    public double ObservedWeight { get; init; } = 1;

    /// <summary>Weight of all other pairs. <value>none: derived from the data, so that all pairs together weigh ten times what the observed ones do; the paper has 0.01</value></summary>
    [Range(0.0, 1e6)]
    [Search(1e-3, 0.3, Log = true)]
    public double? UnobservedWeight { get; init; }

    /// <summary>lambda_u: how strongly user vectors are held to 0.</summary>
    [Symbol("lambda_u")]
    [Range(0.0, 1e6)]
    [Search(1e-3, 10, Log = true)]
    public double UserWeight { get; init; } = 0.1;

    /// <summary>lambda_v: how strongly item vectors are held to their codes, and codes to their vectors.</summary>
    [Symbol("lambda_v")]
    [Range(0.0, 1e6)]
    [Search(0.03, 300, Log = true)]
    public double ItemWeight { get; init; } = 10;

    /// <summary>How much the words weigh beside the pull of codes to item vectors. <value>1, for the mean over the words of a text; the paper sums over them, which a weight as large as the number of words of a text amounts to</value></summary>
    [Range(1e-6, 1e6)]
    [Search(0.01, 100, Log = true)]
    public double ContentWeight { get; init; } = 1;
}

/// <summary>
/// CRAE: v_j ~ N(gamma_j, I / lambda_v) around the code gamma_j that a robust recurrent autoencoder has for the words of an item in their order (<see cref="RobustAutoencoder"/>), u_i ~ N(0, I / lambda_u), R_ij ~ N(u_i . v_j, 1 / C_ij). Users and
/// items are weighted least squares, as in CDL (<see cref="PulledLeastSquares"/>); the network learns to fill in the words behind wildcards, and is pulled to the item vectors. A cold-start user is solved for like any user.
/// </summary>
/// <remarks>
/// The paper's equations are given as its readers know them, since no copy of it could be read. The first words of the decoder's input are zeros. Word sequences of items are not generated.
/// </remarks>
internal sealed class Crae : PulledFactorModel<ItemTextBatch<PaddedTexts>>
{
    private const int TextsAtOnce = 256;

    private readonly CraeOptions options;
    private readonly EntityTexts texts;
    private readonly RobustAutoencoder network;
    private PulledLeastSquares factors;
    private Lazy<AlternatingRidge>? unseenUsers;

    /// <summary>A model.</summary>
    /// <exception cref="InputException">The weights do not fit each other.</exception>
    public Crae(CraeOptions options, ModelShape shape)
        : base(nameof(Crae), shape, options)
    {
        (this.options, texts) = (options, shape.Get<EntityTexts>());
        network = new RobustAutoencoder(options, texts);
        factors = Factors(SparseRows.Empty(0, 0));
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<CraeOptions>((options, shape) => new Crae(options, shape))
    {
        Id = "crae",
        Name = "CRAE",
        Family = "Hybrid",
        Summary = "Matrix factorization whose item vectors are drawn to what a recurrent autoencoder reads in their texts, word by word; also for items that nobody has met.",
        Paper = "H. Wang, X. Shi and D.-Y. Yeung: Collaborative Recurrent Autoencoder: Recommend while Learning to Fill in the Blanks. NIPS 2016.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Inputs = [new TextOf<CraeOptions>(FieldSource.Item, options => TextRules.Of(options, options.TextWords))],
        Derive = (options, train) => BatchRule.Of(options, train.ItemCount, updates: 50, largest: 64) with { UnobservedWeight = options.UnobservedWeight ?? (options.ObservedWeight * IalsWeights.Rounded(Math.Min(1, IalsWeights.Unobserved(train)))) },
    };

    /// <summary>The network.</summary>
    public RobustAutoencoder Network => network;

    /// <inheritdoc/>
    protected override nn.Module Reader => network;

    /// <inheritdoc/>
    protected override int Stages => 1;

    /// <inheritdoc/>
    protected override bool BeginsAtCodes => false; // what recurrent layers read before they learn is much the same in all texts; from there U would go to 0 and V never leave it

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        factors = Factors(train.Seen);
        return base.Begin(train, run);
    }

    /// <inheritdoc/>
    protected override (Tensor Items, Tensor Codes, Tensor Reconstruction) Denoise(ItemTextBatch<PaddedTexts> batch)
    {
        var (codes, reconstruction) = network.Denoise(batch.Texts);
        return (batch.Items, codes, reconstruction);
    }

    /// <inheritdoc/>
    protected override double? Learn(EpochContext context, IBatchSource<ItemTextBatch<PaddedTexts>> source)
    {
        if (context.Epoch == 0)
        {
            network.Center(texts.Rows);
        }

        return base.Learn(context, source);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> OfStage(int stage) => network.parameters();

    /// <inheritdoc/>
    protected override Tensor StageLoss(int stage, ItemTextBatch<PaddedTexts> batch) => network.Denoise(batch.Texts).Reconstruction;

    /// <inheritdoc/>
    protected override IBatchSource<ItemTextBatch<PaddedTexts>> Contents(TrainingOptions run) =>
        new ItemTextSource<PaddedTexts>(texts, [.. Enumerable.Range(0, Shape.Items).Where(item => texts.Rows.Length(item) > 0)], options.ExamplesPerUpdate);

    /// <inheritdoc/>
    protected override float[] EncodeAll()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return Scoring.Queries.Floats(PaddedTexts.Read(Shape.Items, item => texts.Rows[item], TextsAtOnce, network.parameters().First().device, network.Encode));
    }

    /// <inheritdoc/>
    protected override double LearnFactors(EpochContext context, bool isFirst)
    {
        var parallel = Threads.Of(context);
        factors.SolveUsers(Items, Items, Users, parallel);
        factors.SolveItems(Users, Codes, Items, parallel);
        return Objective(parallel);
    }

    /// <summary>Minus the terms of the log posterior in U and V.</summary>
    public double Objective(ParallelOptions parallel) => factors.Errors(Users, Items, Items, parallel) + UserTerm() + PullTerm();

    /// <inheritdoc/>
    protected override void Prepare() => unseenUsers = new(() => factors.ForUsers(Items, Items, Parallelism.Loop()));

    /// <inheritdoc/>
    protected override void FoldIn(RequestBatch requests, int request, Span<float> vector)
    {
        var row = InteractionMatrix.Of(requests.Slice(request, 1), Shape.Items, useValues: false);
        unseenUsers!.Value.Solve(row[0], [], options.UserWeight, [], new SymmetricMatrix(Dimension), vector);
    }

    private PulledLeastSquares Factors(SparseRows byUser) =>
        new(Info.Name, byUser, Dimension, new PulledWeights(options.ObservedWeight, options.UnobservedWeight ?? 0, options.UserWeight, options.ItemWeight).Checked(Info.Name));
}
