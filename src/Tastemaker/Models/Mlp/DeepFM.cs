using System.ComponentModel.DataAnnotations;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>Hyper-parameters of <see cref="DeepFM"/>; the defaults are the paper's on Criteo.</summary>
public sealed record DeepFMOptions : FieldVectorOptions
{
    /// <summary>The paper's dropout of 0.5 is the share of units kept; its best shares were 0.6 to 0.9.</summary>
    public DeepFMOptions() => Dropout = 0.5;

    /// <summary>L2 of the linear weights that a batch reads, which need less than the vectors (<see cref="FeatureModelOptions.Regularization"/>).</summary>
    [Range(0.0, 100.0)]
    public double LinearRegularization { get; init; }
}

/// <summary>
/// DeepFM: p = sigma(y_FM + y_DNN) (Guo et al. 2017, eq. 1), with y_FM = w0 + w . x + sum over i &lt; j of &lt;V_i, V_j&gt; x_i x_j (eq. 2) and y_DNN linear in
/// the top of a tower over the fields' vectors [e_1; ...; e_m] (eq. 3 and 4). Both parts read the same vectors V, with no pre-training and no
/// weights between the parts: that is the system. The paper's sigma around y_DNN would cap it; as in all known code the last unit is linear. Its
/// bias and w0 are one number. A field of several values, and a number (x V), is one vector in both parts.
/// </summary>
internal sealed class DeepFM : FieldVectorModel
{
    private readonly Tower deep;
    private readonly Dense output;

    /// <summary>A model.</summary>
    public DeepFM(ModelShape shape, DeepFMOptions options)
        : base(nameof(DeepFM), shape, options, linear: options.LinearRegularization)
    {
        deep = Hidden(VectorWidth);
        output = new Dense(options.Hidden.Count == 0 ? VectorWidth : options.Hidden[^1], 1, Initializers.GlorotUniform);
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<DeepFMOptions>((options, shape) => new DeepFM(shape, options))
    {
        Id = "deepfm",
        Name = "DeepFM",
        Family = "Mlp",
        Summary = "A factorization machine and a deep network over the same vectors, added up.",
        Paper = "H. Guo, R. Tang, Y. Ye, Z. Li and X. He: DeepFM: a factorization-machine based neural network for CTR prediction. IJCAI 2017.",
        Answers = Capabilities.KnownUsers | Capabilities.Features,
        Inputs = [Fields.Named],
    };

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor vectors, Tensor numbers) =>
        PairwiseInteractions.Sum(vectors) + output.forward(deep.forward(vectors.flatten(1))).squeeze(1); // [B]
}
