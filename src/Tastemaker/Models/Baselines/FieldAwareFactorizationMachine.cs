using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="FieldAwareFactorizationMachine"/>.</summary>
public sealed record FieldAwareFactorizationMachineOptions : FeatureModelOptions
{
    /// <summary>The defaults.</summary>
    public FieldAwareFactorizationMachineOptions() => (Epochs, BatchSize, Optimizer, LearningRate, Regularization) = (30, 1024, OptimizerKind.Adagrad, 0.05, 0.01);

    /// <summary>Length k of the vectors, of which a feature has one for every field; the paper's 4.</summary>
    [Range(1, 1024)]
    [Search(2, 16, Log = true)]
    public int Dimension { get; init; } = 4;

    /// <summary>Standard deviation of initial vectors; 0 would be a saddle point.</summary>
    [Range(1e-6, 1.0)]
    public double InitialDeviation { get; init; } = 0.01;

    /// <summary>Whether the features of each row are divided by the row's length (Juan et al. 2016, section 3.1); long rows then weigh no more than short ones.</summary>
    public bool InstanceNormalization { get; init; } = true;

    /// <summary>L2 of the linear weights, which need less than the vectors (<see cref="FeatureModelOptions.Regularization"/>).</summary>
    [Range(0.0, 100.0)]
    public double LinearRegularization { get; init; } = 0.001;
}

/// <summary>
/// Field-aware factorization machine: y = w0 + w . x + sum over i &lt; j of &lt;v_(i,f(j)), v_(j,f(i))&gt; x_i x_j (Juan et al. 2016, eq. 4): a feature shows
/// each field another vector, so F times the parameters of an FM and F^2 products. The values of a many-valued field are pooled first, so
/// that pairs are between fields. Rows are scaled to length 1, as in the paper: x / |x| with 1 for each category and the weights of many-valued fields.
/// </summary>
internal sealed class FieldAwareFactorizationMachine : FeatureModel
{
    private readonly FieldAwareFactorizationMachineOptions options;
    private readonly FieldEmbeddings linear;
    private readonly FieldEmbeddings vectors;
    private readonly Parameter bias = nn.Parameter(zeros(1));

    /// <summary>A model.</summary>
    public FieldAwareFactorizationMachine(ModelShape shape, FieldAwareFactorizationMachineOptions options)
        : base(nameof(FieldAwareFactorizationMachine), shape, options)
    {
        this.options = options;
        linear = new FieldEmbeddings(Space.Schema, 1, Initializers.Zeros);
        vectors = new FieldEmbeddings(Space.Schema, linear.Fields.Count * options.Dimension, Initializers.Normal(options.InitialDeviation));
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<FieldAwareFactorizationMachineOptions>((options, shape) => new FieldAwareFactorizationMachine(shape, options))
    {
        Id = "ffm",
        Name = "FFM",
        Family = "Baselines",
        Summary = "A factorization machine whose features have another vector for every field they meet.",
        Paper = "Y. Juan, Y. Zhuang, W.-S. Chin and C.-J. Lin: Field-aware factorization machines for CTR prediction. RecSys 2016.",
        Answers = Capabilities.KnownUsers | Capabilities.Features,
        Inputs = [Fields.Named],
    };

    /// <inheritdoc/>
    public override Tensor Logits(FeatureBatch batch) => Logits(linear.forward(batch), vectors.forward(batch), batch);

    /// <inheritdoc/>
    public override Tensor Loss(FeatureBatch batch)
    {
        var (w, v) = (linear.forward(batch), vectors.forward(batch)); // [B, F, 1], [B, F, F k]
        return Losses.Logistic(Logits(w, v, batch), batch.Labels) + L2(options.LinearRegularization, w) + L2(options.Regularization, v);
    }

    private Tensor Logits(Tensor w, Tensor v, FeatureBatch batch)
    {
        var fields = v.shape[1];
        var (single, pairs) = (w.sum([1, 2]), PairwiseInteractions.FieldAwareSum(v.view(-1, fields, fields, options.Dimension)));
        if (!options.InstanceNormalization)
        {
            return bias + single + pairs;
        }

        var squares = linear.SquaredLengths(batch).clamp_min(1e-12); // [B]
        return bias + (single / squares.sqrt()) + (pairs / squares);
    }
}
