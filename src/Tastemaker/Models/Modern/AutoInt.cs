using System.ComponentModel.DataAnnotations;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Modern;

/// <summary>Hyper-parameters of <see cref="AutoInt"/>. Give <see cref="FieldVectorOptions.Hidden"/> widths for AutoInt+, with a deep part beside.</summary>
public sealed record AutoIntOptions : FieldVectorOptions
{
    /// <summary>The paper's: vectors of 16 numbers, no deep part.</summary>
    public AutoIntOptions() => (Dimension, Hidden) = (16, []);

    /// <summary>Interacting layers.</summary>
    [Range(1, 16)]
    [Search(1, 4)]
    public int Layers { get; init; } = 3;

    /// <summary>Heads of attention of each.</summary>
    [Range(1, 64)]
    public int Heads { get; init; } = 2;

    /// <summary>Numbers a head.</summary>
    [Range(1, 1024)]
    [Search(8, 64, Log = true)]
    public int HeadDimension { get; init; } = 32;

    /// <summary>
    /// Whether layers are those of the official code and not the paper's equations: all four maps have biases and ReLU, attention is scaled by
    /// 1 / sqrt(<see cref="HeadDimension"/>) and may be dropped, and each layer ends in layer normalization.
    /// </summary>
    [AddedLater]
    public bool OfficialLayer { get; init; }

    /// <summary>Share of the attention weights that the official layer drops in training.</summary>
    [AddedLater]
    [Range(0.0, 0.95)]
    [Search(0.0, 0.5)]
    public double AttentionDropout { get; init; }
}

/// <summary>
/// AutoInt: y = sigma(w . [e_1; ...; e_m] + b) (Song et al. 2019, eq. 9), where e_m are the fields' vectors after some <see cref="InteractingLayer"/>s: a layer
/// lets every field take in the fields it attends to, so L layers give combinations of many fields. AutoInt+ adds the logit of a tower over the
/// fields' vectors.
/// </summary>
internal sealed class AutoInt : FieldVectorModel
{
    private readonly ModuleList<InteractingLayer> layers;
    private readonly Dense output;
    private readonly Tower? deep;
    private readonly Dense? deepOutput;

    /// <summary>A model.</summary>
    public AutoInt(ModelShape shape, AutoIntOptions options)
        : base(nameof(AutoInt), shape, options)
    {
        if (options is { AttentionDropout: > 0, OfficialLayer: false })
        {
            throw new InputException("attention-dropout belongs to the official layer; give official-layer=true beside it, or leave it at 0.");
        }

        var width = options.Heads * options.HeadDimension;
        layers = nn.ModuleList([.. Enumerable.Range(0, options.Layers).Select(layer => new InteractingLayer(
            layer == 0 ? options.Dimension : width, options.Heads, options.HeadDimension, options.OfficialLayer, options.AttentionDropout))]);
        output = new Dense((long)Vectors.Fields.Count * width, 1, Initializers.GlorotUniform);
        if (options.Hidden.Count > 0)
        {
            deep = Hidden(VectorWidth);
            deepOutput = new Dense(options.Hidden[^1], 1, Initializers.GlorotUniform);
        }

        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<AutoIntOptions>((options, shape) => new AutoInt(shape, options))
    {
        Id = "autoint",
        Name = "AutoInt",
        Family = "Modern",
        Summary = "Fields attend to each other, layer by layer, and so find which of them to combine.",
        Paper = "W. Song, C. Shi, Z. Xiao and others: AutoInt: automatic feature interaction learning via self-attentive neural networks. CIKM 2019.",
        Answers = Capabilities.KnownUsers | Capabilities.Features,
        Inputs = [Fields.Named],
    };

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor vectors, Tensor numbers)
    {
        var x = vectors; // [B, F, k]
        foreach (var layer in layers)
        {
            x = layer.forward(x); // [B, F, heads x d]
        }

        var logits = output.forward(x.flatten(1)).squeeze(1);
        return deep is null ? logits : logits + deepOutput!.forward(deep.forward(vectors.flatten(1))).squeeze(1);
    }
}

/// <summary>
/// Self-attention between fields (Song et al. 2019, eq. 5 to 8): in each head a field is the mean of W_V e_k over all fields k, weighted by the softmax of
/// &lt;W_Q e_m, W_K e_k&gt;, which is not scaled; heads side by side, plus W_R e_m, through ReLU. The layer of the official code has biases and ReLU
/// on the four maps, scaled attention with dropout, and layer normalization at the end.
/// </summary>
internal sealed class InteractingLayer : nn.Module<Tensor, Tensor>
{
    private readonly int heads;
    private readonly Parameter query; // each [input, heads x d]; fields, because state_dict names parameters by their fields
    private readonly Parameter key;
    private readonly Parameter value;
    private readonly Parameter residual;
    private readonly Parameter? biases; // of query, key, value and residual [4, heads x d]; null in the paper's form
    private readonly Parameter? scale; // of the layer normalization [heads x d]
    private readonly Parameter? shift;
    private readonly double dropout;

    /// <summary>A layer from vectors of <paramref name="input"/> to vectors of heads x <paramref name="dimension"/> numbers.</summary>
    /// <param name="input">Numbers in.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="dimension">Numbers a head.</param>
    /// <param name="isOfficial">Whether it is the layer of the official code.</param>
    /// <param name="dropout">Share of attention weights dropped in training; of the official code.</param>
    public InteractingLayer(int input, int heads, int dimension, bool isOfficial = false, double dropout = 0)
        : base(nameof(InteractingLayer))
    {
        (this.heads, this.dropout) = (heads, dropout);
        if (isOfficial)
        {
            var width = heads * dimension;
            (biases, scale, shift) = (nn.Parameter(zeros(4, width)), nn.Parameter(ones(width)), nn.Parameter(zeros(width)));
        }

        (query, key, value, residual) = (Map(), Map(), Map(), Map());
        RegisterComponents();

        Parameter Map()
        {
            var map = nn.Parameter(empty(input, heads * dimension));
            using (no_grad())
            {
                Initializers.GlorotUniform(map);
            }

            return map;
        }
    }

    /// <summary>From [B, F, input] to [B, F, heads x d].</summary>
    public override Tensor forward(Tensor vectors) => biases is null ? Paper(vectors) : Official(vectors);

    private Tensor Official(Tensor vectors)
    {
        var (q, k, v) = (Heads(query, 0), Heads(key, 1), Heads(value, 2));
        var attention = (q.matmul(k.transpose(2, 3)) / Math.Sqrt(q.shape[3])).softmax(3); // [B, heads, F, F]
        attention = dropout > 0 ? nn.functional.dropout(attention, dropout, training) : attention;
        var joined = (attention.matmul(v).transpose(1, 2).flatten(2) + Mapped(residual, 3)).relu();
        return nn.functional.layer_norm(joined, [joined.shape[2]], scale!, shift!, 1e-8);

        Tensor Mapped(Parameter map, int bias) => (vectors.matmul(map) + biases![bias]).relu();

        Tensor Heads(Parameter map, int bias) => Mapped(map, bias).unflatten(2, [heads, -1]).transpose(1, 2); // [B, heads, F, d]
    }

    private Tensor Paper(Tensor vectors)
    {
        var attention = Heads(query).matmul(Heads(key).transpose(2, 3)).softmax(3); // [B, heads, F, F]
        return (attention.matmul(Heads(value)).transpose(1, 2).flatten(2) + vectors.matmul(residual)).relu();

        Tensor Heads(Parameter map) => vectors.matmul(map).unflatten(2, [heads, -1]).transpose(1, 2); // [B, heads, F, d]
    }
}
