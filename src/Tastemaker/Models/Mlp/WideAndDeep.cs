using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using Tastemaker.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>Hyper-parameters of <see cref="WideAndDeep"/>.</summary>
public sealed record WideAndDeepOptions : FeatureModelOptions
{
    /// <summary>The defaults: the paper's where it states them; learning rates and L1 are not stated.</summary>
    public WideAndDeepOptions() => (Epochs, BatchSize, Optimizer, LearningRate) = (20, 1024, OptimizerKind.Adagrad, 0.02);

    /// <summary>
    /// Cross-product transformations of the wide part, such as cross(gender,genres) or "cross(education,age(buckets=10),minimum-count=5)": 1 where all
    /// parts hold. <value>none</value>
    /// </summary>
    public IReadOnlyList<string> Crosses { get; init; } = [];

    /// <summary>Whether the wide part also reads the category fields themselves; false for crosses alone, as deployed in the paper.</summary>
    public bool WideReadsFields { get; init; } = true;

    /// <summary>Numbers an embedding.</summary>
    [Range(1, 4096)]
    [Search(4, 64, Log = true)]
    public int Dimension { get; init; } = 32;

    /// <summary>Widths of the hidden layers, bottom to top; empty for no deep part.</summary>
    [Range(1, 65536)]
    [SearchChoices("[64]", "[256, 128]", "[1024, 512, 256]")]
    public IReadOnlyList<int> Hidden { get; init; } = [1024, 512, 256];

    /// <summary>Share of hidden units dropped in training.</summary>
    [Range(0.0, 0.95)]
    [Search(0.0, 0.5)]
    public double Dropout { get; init; }

    /// <summary>Whether hidden layers are batch normalized, before ReLU; running statistics are frozen when training ends.</summary>
    [AddedLater]
    public bool BatchNormalization { get; init; }

    /// <summary>
    /// L2 of the whole table of embeddings in every step, read or not: half this times their squares. Far stronger than
    /// <see cref="FeatureModelOptions.Regularization"/> where few rows are read; needs tables that are updated whole.
    /// </summary>
    [AddedLater]
    [Range(0.0, 100.0)]
    [Search(1e-7, 1e-1, Log = true)]
    public double TableRegularization { get; init; }

    /// <summary>What the accumulators of AdaGrad begin at: the larger, the shorter the first steps. TensorFlow's optimizer, which the paper used, has 0.1.</summary>
    [AddedLater]
    [Range(0.0, 100.0)]
    public double InitialAccumulator { get; init; }

    /// <summary>Learning rate alpha of FTRL.</summary>
    [Range(1e-6, 100.0)]
    [Search(0.01, 0.5, Log = true)]
    public double WideLearningRate { get; init; } = 0.1;

    /// <summary>L1 of the wide part, on gradients averaged over a batch: weights with less evidence are exactly 0.</summary>
    [Range(0.0, 1000.0)]
    [Search(1e-5, 1e-1, Log = true)]
    public double WideL1 { get; init; } = 0.001;

    /// <summary>L2 of the wide part.</summary>
    [Range(0.0, 1000.0)]
    public double WideL2 { get; init; }

    /// <summary>Beta of FTRL, which dampens its first steps.</summary>
    [Range(0.0, 1000.0)]
    public double WideBeta { get; init; } = 1;

    internal override IReadOnlyList<string> WideFields => Crosses;

    internal override NumericTransform NumberTransform => NumericTransform.Quantile;
}

/// <summary>
/// Wide &amp; Deep: P(y = 1) = sigma(w_wide . [x, phi(x)] + w_deep . a_last + b) (Cheng et al. 2016, eq. 3). The wide part is linear in categories and
/// their crosses and learns by FTRL-Proximal with L1; the deep part is a tower over embeddings (sets averaged) and numbers (their empirical CDF) and
/// learns by AdaGrad; both from the one gradient of the joint logit. Numbers are no part of the wide one. The bias belongs to the deep part, so
/// that L1 leaves it alone. <c>clip-norm</c> and weight decay concern the deep part.
/// </summary>
internal sealed class WideAndDeep : FeatureModel
{
    private readonly WideAndDeepOptions options;
    private readonly FieldEmbeddings wide;
    private readonly FieldEmbeddings? embeddings;
    private readonly Tower? tower;
    private readonly Dense? output;
    private readonly Parameter bias = nn.Parameter(zeros(1));

    /// <summary>A model.</summary>
    public WideAndDeep(ModelShape shape, WideAndDeepOptions options)
        : base(nameof(WideAndDeep), shape, options)
    {
        this.options = options;
        var schema = Space.Schema;
        wide = new FieldEmbeddings(schema, 1, Initializers.Zeros, field => IsWide(field) || (options.WideReadsFields && IsDeepCategory(field)));
        if (options.Hidden.Count > 0)
        {
            embeddings = schema.Visible.Any(IsDeepCategory)
                ? new FieldEmbeddings(schema, options.Dimension, Initializers.Normal(1 / Math.Sqrt(options.Dimension)), IsDeepCategory)
                : null;
            var input = ((embeddings?.Fields.Count ?? 0) * options.Dimension) + schema.Numbers.Count;
            tower = new Tower(input, options.Hidden, x => x.relu(), activatesLast: true, Initializers.GlorotUniform, dropout: options.Dropout, isNormalized: options.BatchNormalization);
            output = new Dense(options.Hidden[^1], 1, Initializers.GlorotUniform);
        }

        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<WideAndDeepOptions>((options, shape) => new WideAndDeep(shape, options))
    {
        Id = "wide-deep",
        Name = "Wide & Deep",
        Family = "Mlp",
        Summary = "A sparse linear model over crosses of features, trained jointly with a deep network over their embeddings.",
        Paper = "H.-T. Cheng, L. Koc, J. Harmsen and others: Wide & deep learning for recommender systems. DLRS 2016.",
        Answers = Capabilities.KnownUsers | Capabilities.Features,
        Inputs = [Fields.Named],
    };

    /// <inheritdoc/>
    public override Tensor Logits(FeatureBatch batch) => Logits(batch, embeddings?.forward(batch));

    /// <inheritdoc/>
    public override Tensor Loss(FeatureBatch batch)
    {
        var vectors = embeddings?.forward(batch); // [B, F, k]
        var loss = Losses.Logistic(Logits(batch, vectors), batch.Labels);
        if (options.Regularization > 0 && vectors is not null)
        {
            loss += L2(options.Regularization, vectors);
        }

        return options.TableRegularization > 0 && embeddings is not null ? loss + (embeddings.Table.Weight.square().sum() * (options.TableRegularization / 2)) : loss;
    }

    /// <inheritdoc/>
    public override GradientTraining<FeatureBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var training = new GradientTraining<FeatureBatch>(this, options, run, Batches(train), Loss)
        {
            Trainable = () => parameters().Where(parameter => parameter.Handle != wide.Table.Weight.Handle),
            MakeOptimizer = (kind, parameters, weightDecay) => new JointOptimizer(
                ("deep", DeepOptimizer(kind, parameters, weightDecay), 1),
                ("wide", new Ftrl(new ParameterSet(this, [wide.Table.Weight]), options.WideBeta, options.WideL1, options.WideL2), options.WideLearningRate / options.LearningRate)),
        };
        if (options.TableRegularization > 0 && embeddings is not null)
        {
            FieldVectorModel.CheckWhole(embeddings.Table);
        }

        return training;
    }

    private Tensor Logits(FeatureBatch batch, Tensor? vectors)
    {
        var logit = bias + wide.forward(batch).sum([1, 2]);
        return tower is null ? logit : logit + Deep(batch, vectors);
    }

    // The part of the logit that the tower gives [B].
    private Tensor Deep(FeatureBatch batch, Tensor? vectors) =>
        output!.forward(tower!.forward(vectors is null ? batch.Numbers : cat([vectors.flatten(1), batch.Numbers], 1))).squeeze(1);

    private IOptimizer DeepOptimizer(OptimizerKind kind, ParameterSet parameters, double weightDecay) => options.InitialAccumulator switch
    {
        0 => Optimizer.Create(kind, parameters, options.Momentum, weightDecay),
        _ when kind is OptimizerKind.Adagrad => new Training.Optimizers.Adagrad(parameters, options.Momentum, weightDecay, options.InitialAccumulator),
        _ => throw new InputException($"initial-accumulator is of Adagrad, and the optimizer is {kind}; leave it at 0 or give optimizer=adagrad."),
    };

    private static bool IsWide(FeatureField field) => field.Source is FieldSource.Cross;

    private static bool IsDeepCategory(FeatureField field) => field.Source is not FieldSource.Cross && field.Kind is not FieldKind.Number;
}
