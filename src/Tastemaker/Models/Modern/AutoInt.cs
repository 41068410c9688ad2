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
        Answers = Answers.KnownUsers | Answers.Features,
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
