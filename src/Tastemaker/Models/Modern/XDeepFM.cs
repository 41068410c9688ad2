using System.ComponentModel.DataAnnotations;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Modern;

/// <summary>Hyper-parameters of <see cref="XDeepFM"/>.</summary>
public sealed record XDeepFMOptions : FieldVectorOptions
{
    /// <summary>Two layers of 400, as in the paper.</summary>
    public XDeepFMOptions() => Hidden = [400, 400];

    /// <summary>Feature maps of each layer of the compressed interaction network; layer l holds products of l + 1 fields.</summary>
    [Range(1, 4096)]
    public IReadOnlyList<int> FeatureMaps { get; init; } = [100, 100];

    /// <summary>L2 of the linear weights that a batch reads.</summary>
    [Range(0.0, 100.0)]
    public double LinearRegularization { get; init; }
}

/// <summary>
/// xDeepFM: y = sigma(w . x + w_dnn . a_last + w_cin . p + b) (Lian et al. 2018, eq. 9): linear, a tower over the fields' vectors, and p, the sums of the
/// feature maps of <see cref="CompressedInteractions"/> over the same vectors. Feature maps have no nonlinearity, as the paper found best.
/// </summary>
internal sealed class XDeepFM : FieldVectorModel
{
    private readonly CompressedInteractions interactions;
    private readonly Tower deep;
    private readonly Dense output; // w_cin and w_dnn side by side

    /// <summary>A model.</summary>
    public XDeepFM(ModelShape shape, XDeepFMOptions options)
        : base(nameof(XDeepFM), shape, options, linear: options.LinearRegularization)
    {
        if (options.FeatureMaps.Count == 0)
        {
            throw new InputException("xDeepFM needs at least one layer of feature maps, such as feature-maps=[100]; without any, DeepFM is the nearest system.");
        }

        interactions = new CompressedInteractions(Vectors.Fields.Count, options.FeatureMaps);
        deep = Hidden(VectorWidth);
        output = new Dense(options.FeatureMaps.Sum() + (options.Hidden.Count == 0 ? VectorWidth : options.Hidden[^1]), 1, Initializers.GlorotUniform);
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<XDeepFMOptions>((options, shape) => new XDeepFM(shape, options))
    {
        Id = "xdeepfm",
        Name = "xDeepFM",
        Family = "Modern",
        Summary = "Explicit products of two, three and more field vectors, compressed layer by layer, beside a linear and a deep part.",
        Paper = "J. Lian, X. Zhou, F. Zhang, Z. Chen, X. Xie and G. Sun: xDeepFM: combining explicit and implicit feature interactions for recommender systems. KDD 2018.",
        Answers = Answers.KnownUsers | Answers.Features,
        Inputs = [Fields.Named],
    };

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor vectors, Tensor numbers) =>
        output.forward(cat([interactions.forward(vectors), deep.forward(vectors.flatten(1))], 1)).squeeze(1); // [B]
}
