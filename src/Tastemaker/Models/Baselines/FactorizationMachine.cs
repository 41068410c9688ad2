using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="FactorizationMachine"/>.</summary>
public sealed record FactorizationMachineOptions : FeatureModelOptions
{
    /// <summary>The defaults.</summary>
    public FactorizationMachineOptions() => (Epochs, BatchSize, Optimizer, LearningRate, Regularization) = (30, 1024, OptimizerKind.Adagrad, 0.05, 0.01);

    /// <summary>Length k of the vectors.</summary>
    [Range(1, 4096)]
    [Search(4, 64, Log = true)]
    public int Dimension { get; init; } = 16;

    /// <summary>Standard deviation of initial vectors; 0 would be a saddle point.</summary>
    [Range(1e-6, 1.0)]
    public double InitialDeviation { get; init; } = 0.01;

    /// <summary>L2 of the linear weights, which need less than the vectors (<see cref="FeatureModelOptions.Regularization"/>).</summary>
    [Range(0.0, 100.0)]
    public double LinearRegularization { get; init; } = 0.001;
}

/// <summary>
/// Factorization machine of order 2: y = w0 + w . x + sum over i &lt; j of &lt;v_i, v_j&gt; x_i x_j (Rendle 2010, eq. 1), in time linear in the
/// fields. The values of a many-valued field are pooled to one vector first, so that pairs are between fields.
/// </summary>
internal sealed class FactorizationMachine : FeatureModel
{
    private readonly FactorizationMachineOptions options;
    private readonly FieldEmbeddings linear;
    private readonly FieldEmbeddings vectors;
    private readonly Parameter bias = nn.Parameter(zeros(1));

    /// <summary>A model.</summary>
    public FactorizationMachine(ModelShape shape, FactorizationMachineOptions options)
        : base(nameof(FactorizationMachine), shape, options)
    {
        this.options = options;
        linear = new FieldEmbeddings(Space.Schema, 1, Initializers.Zeros);
        vectors = new FieldEmbeddings(Space.Schema, options.Dimension, Initializers.Normal(options.InitialDeviation));
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<FactorizationMachineOptions>((options, shape) => new FactorizationMachine(shape, options))
    {
        Id = "fm",
        Name = "FM",
        Family = "Baselines",
        Summary = "A weight a feature and a product of vectors a pair of features.",
        Paper = "S. Rendle: Factorization machines. ICDM 2010.",
        Answers = Capabilities.KnownUsers | Capabilities.Features,
        Inputs = [Fields.Named],
    };

    /// <inheritdoc/>
    public override Tensor Logits(FeatureBatch batch) => Logits(linear.forward(batch), vectors.forward(batch));

    /// <inheritdoc/>
    public override Tensor Loss(FeatureBatch batch)
    {
        var (w, v) = (linear.forward(batch), vectors.forward(batch)); // [B, F, 1], [B, F, k]
        return Losses.Logistic(Logits(w, v), batch.Labels) + L2(options.LinearRegularization, w) + L2(options.Regularization, v);
    }

    private Tensor Logits(Tensor w, Tensor v) => bias + w.sum([1, 2]) + PairwiseInteractions.Sum(v);
}
