using System.ComponentModel.DataAnnotations;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp.Modules;
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
        Answers = Capabilities.KnownUsers | Capabilities.Features,
        Inputs = [Fields.Named],
    };

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor vectors, Tensor numbers) =>
        output.forward(cat([interactions.forward(vectors), deep.forward(vectors.flatten(1))], 1)).squeeze(1); // [B]
}

/// <summary>
/// The compressed interaction network: X^l_h = sum over i, j of W^l_(h,i,j) (X^(l-1)_i o X^0_j), X^0 the vectors of the fields (Lian et al. 2018, eq. 6).
/// Layer l holds products of l + 1 vectors, element by element; each of its feature maps is summed over the elements (eq. 7 and 8). A batch
/// takes B H F k numbers a layer.
/// </summary>
internal sealed class CompressedInteractions : nn.Module<Tensor, Tensor>
{
    private readonly ParameterList filters; // of each layer [H, H of the layer before x F]

    /// <summary>Layers with some feature maps each, over <paramref name="fields"/> vectors.</summary>
    public CompressedInteractions(int fields, IReadOnlyList<int> maps)
        : base(nameof(CompressedInteractions))
    {
        filters = nn.ParameterList([.. maps.Select((width, layer) => Filter(width, (long)(layer == 0 ? fields : maps[layer - 1]) * fields))]);
        RegisterComponents();
    }

    /// <summary>From vectors [B, F, k] to the sums of all feature maps, layer after layer [B, maps of all layers].</summary>
    public override Tensor forward(Tensor vectors)
    {
        var (x, sums) = (vectors, new List<Tensor>(filters.Count));
        foreach (var filter in filters)
        {
            var products = x.unsqueeze(2) * vectors.unsqueeze(1); // [B, H, F, k]
            x = filter.matmul(products.flatten(1, 2)); // [H', H F] x [B, H F, k] -> [B, H', k]
            sums.Add(x.sum([2]));
        }

        return cat(sums, 1);
    }

    private static Parameter Filter(long maps, long products)
    {
        var filter = nn.Parameter(empty(maps, products));
        using (no_grad())
        {
            Initializers.GlorotUniform(filter);
        }

        return filter;
    }
}
