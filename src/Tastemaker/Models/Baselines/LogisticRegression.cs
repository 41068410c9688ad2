using Tastemaker.Batches;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="LogisticRegression"/>.</summary>
public sealed record LogisticRegressionOptions : FeatureModelOptions
{
    /// <summary>The defaults.</summary>
    public LogisticRegressionOptions() => (Epochs, BatchSize, Optimizer, LearningRate) = (30, 1024, OptimizerKind.Adagrad, 0.1);
}

/// <summary>
/// Logistic regression on features: p = sigma(w0 + w . x). The floor of click prediction. Weights begin at 0, w0 is not regularized. Crosses are
/// fields of the row like any other; for L1 and sparse weights see the wide part of Wide &amp; Deep.
/// </summary>
internal sealed class LogisticRegression : FeatureModel
{
    private readonly LogisticRegressionOptions options;
    private readonly FieldEmbeddings linear;
    private readonly Parameter bias = nn.Parameter(zeros(1));

    /// <summary>A model.</summary>
    public LogisticRegression(ModelShape shape, LogisticRegressionOptions options)
        : base(nameof(LogisticRegression), shape, options)
    {
        this.options = options;
        linear = new FieldEmbeddings(Space.Schema, 1, Initializers.Zeros);
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<LogisticRegressionOptions>((options, shape) => new LogisticRegression(shape, options))
    {
        Id = "lr",
        Name = "Logistic regression",
        Family = "Baselines",
        Summary = "A weight a feature: the floor of click prediction.",
        Paper = "M. Richardson, E. Dominowska and R. Ragno: Predicting clicks: estimating the click-through rate for new ads. WWW 2007.",
        Answers = Capabilities.KnownUsers | Capabilities.Features,
        Inputs = [Fields.Named],
    };

    /// <inheritdoc/>
    public override Tensor Logits(FeatureBatch batch) => linear.forward(batch).sum([1, 2]) + bias; // [B, F, 1] to [B]

    /// <inheritdoc/>
    public override Tensor Loss(FeatureBatch batch)
    {
        var w = linear.forward(batch);
        var loss = Losses.Logistic(w.sum([1, 2]) + bias, batch.Labels);
        return options.Regularization > 0 ? loss + L2(options.Regularization, w) : loss;
    }
}
