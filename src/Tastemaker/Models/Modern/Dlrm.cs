using System.ComponentModel.DataAnnotations;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Modern;

/// <summary>Hyper-parameters of <see cref="Dlrm"/>; layers are the official code's on Criteo. <see cref="FieldVectorOptions.Hidden"/> is the top.</summary>
public sealed record DlrmOptions : FieldVectorOptions
{
    /// <summary>The official code's sizes; Adam in place of its SGD.</summary>
    public DlrmOptions() => (Dimension, Hidden) = (16, [512, 256]);

    /// <summary>Widths of the layers that numbers go through, before one as wide as a vector; left out where there are no numbers.</summary>
    [Range(1, 65536)]
    public IReadOnlyList<int> Bottom { get; init; } = [512, 256, 64];

    /// <summary>Whether vectors meet by dot products; if not, the top reads the vectors themselves (the official code's "cat").</summary>
    public bool Interactions { get; init; } = true;

    /// <summary>Whether a vector also meets itself.</summary>
    public bool SelfInteractions { get; init; }
}

/// <summary>
/// DLRM (Naumov et al. 2019): numbers go through a bottom tower to a vector of the length of the embeddings, ReLU after every layer; the dot products
/// of all pairs of vectors, and the bottom's output once more, go through a top tower to the logit. Weights are drawn from N(0, 2 / (in + out)), biases
/// from N(0, 1 / out), the vectors of a field with n values uniformly within 1 / sqrt(n) (official code). The paper adds up the vectors of several
/// values: write such fields with pool=sum, as tags(pool=sum); without it their mean is taken, as in the other systems. An empty set is the vector 0. A
/// row of one vector has no pairs; the top then reads the vector. Numbers are best given as they are in the paper, log(1 + x): price(transform=log).
/// </summary>
internal sealed class Dlrm : FieldVectorModel
{
    private readonly bool meets; // whether there are pairs to multiply
    private readonly bool selfInteractions;
    private readonly Tower? bottom;
    private readonly Tower top;
    private readonly Dense output;

    /// <summary>A model.</summary>
    public Dlrm(ModelShape shape, DlrmOptions options)
        : base(nameof(Dlrm), shape, options, numbersAsVectors: false, initialize: rows => Initializers.Uniform(1 / Math.Sqrt(rows.shape[0]))(rows))
    {
        selfInteractions = options.SelfInteractions;
        var (numbers, k, biases) = (Space.Schema.Numbers.Count, options.Dimension, (Action<Tensor>)Biases);
        bottom = numbers == 0 ? null : new Tower(numbers, [.. options.Bottom, k], x => x.relu(), activatesLast: true, Initializers.GlorotNormal, biases);
        var vectors = Vectors.Fields.Count + (bottom is null ? 0 : 1);
        var pairs = vectors * (vectors + (options.SelfInteractions ? 1 : -1)) / 2;
        meets = options.Interactions && pairs > 0;
        var input = meets ? pairs + (bottom is null ? 0 : k) : vectors * k;
        top = Hidden(input, Initializers.GlorotNormal, biases);
        output = new Dense(options.Hidden.Count == 0 ? input : options.Hidden[^1], 1, Initializers.GlorotNormal, biases);
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<DlrmOptions>((options, shape) => new Dlrm(shape, options))
    {
        Id = "dlrm",
        Name = "DLRM",
        Family = "Modern",
        Summary = "Dot products of all pairs of field vectors, numbers made a vector by a tower of their own, read by a top tower.",
        Paper = "M. Naumov, D. Mudigere, H.-J. M. Shi and others: Deep learning recommendation model for personalization and recommendation systems. arXiv 1906.00091, 2019.",
        Answers = Capabilities.KnownUsers | Capabilities.Features,
        Inputs = [Fields.Named],
    };

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor vectors, Tensor numbers) => output.forward(top.forward(Interact(vectors, bottom?.forward(numbers)))).squeeze(1);

    /// <summary>What the top reads [B, inputs].</summary>
    /// <param name="vectors">Vectors of the categories [B, F, k].</param>
    /// <param name="dense">Vector of the numbers [B, k]; null where there are none.</param>
    public Tensor Interact(Tensor vectors, Tensor? dense)
    {
        var all = dense is null ? vectors : cat([dense.unsqueeze(1), vectors], 1); // [B, 1 + F, k]
        if (!meets)
        {
            return all.flatten(1);
        }

        var dots = PairwiseInteractions.Dots(all, selfInteractions);
        return dense is null ? dots : cat([dense, dots], 1);
    }

    private static void Biases(Tensor biases) => Initializers.Normal(1 / Math.Sqrt(biases.shape[0]))(biases);
}
