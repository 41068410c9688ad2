using System.ComponentModel.DataAnnotations;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Modern;

/// <summary>Hyper-parameters of <see cref="DcnV2"/>.</summary>
public sealed record DcnV2Options : FieldVectorOptions
{
    /// <summary>Cross layers; L of them reach products of L + 1 inputs.</summary>
    [Range(0, 32)]
    [Search(1, 5)]
    public int CrossLayers { get; init; } = 3;

    /// <summary>Rank of the cross matrices, a quarter of the inputs in the paper; 0 for full matrices.</summary>
    [Range(0, 65536)]
    public int Rank { get; init; }

    /// <summary>Experts of low rank that a cross layer mixes, with a nonlinearity each; 1 for none.</summary>
    [Range(1, 64)]
    public int Experts { get; init; } = 1;

    /// <summary>How the experts are weighted: softmax shares, which add up to 1, or a sigmoid each (both in the paper, section 3.3).</summary>
    [AddedLater]
    public ExpertGate Gate { get; init; } = ExpertGate.Softmax;

    /// <summary>Whether the fully connected layers read the crosses or the row.</summary>
    public CrossStructure Structure { get; init; } = CrossStructure.Stacked;
}

/// <summary>
/// DCN-V2 (Wang et al. 2021): x_0 = [vectors of categories; numbers] goes through cross layers x_(l+1) = x_0 o (W_l x_l + b_l) + x_l and, behind
/// (stacked) or beside them (parallel), through fully connected layers; one linear unit gives the logit. W_l is full, of low rank U V', or a gated
/// mixture of such maps. With all rows of W_l equal it is the first DCN, x_0 (w . x_l) + x_l.
/// </summary>
internal sealed class DcnV2 : FieldVectorModel
{
    private readonly DcnV2Options options;
    private readonly CrossNetwork crosses;
    private readonly Tower deep;
    private readonly Dense output;

    /// <summary>A model.</summary>
    public DcnV2(ModelShape shape, DcnV2Options options)
        : base(nameof(DcnV2), shape, options, numbersAsVectors: false)
    {
        this.options = options;
        if (options is { Experts: > 1, Rank: 0 })
        {
            throw new InputException("Experts are cross maps of low rank: give rank=N, such as a quarter of the inputs, beside experts.");
        }

        var width = VectorWidth + Space.Schema.Numbers.Count;
        var top = options.Hidden.Count == 0 ? width : options.Hidden[^1];
        crosses = new CrossNetwork(Enumerable.Range(0, options.CrossLayers).Select(_ => Map(width)));
        deep = Hidden(width);
        output = new Dense(IsParallel ? width + top : top, 1, Initializers.GlorotUniform);
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<DcnV2Options>((options, shape) => new DcnV2(shape, options))
    {
        Id = "dcn-v2",
        Name = "DCN-V2",
        Family = "Modern",
        Summary = "Layers that multiply the row with a linear map of what they have so far: explicit products of bounded degree, joined with a deep network.",
        Paper = "R. Wang, R. Shivanna, D. Z. Cheng and others: DCN V2: improved deep & cross network and practical lessons for web-scale learning to rank systems. WWW 2021.",
        Answers = Answers.KnownUsers | Answers.Features,
        Inputs = [Fields.Named],
    };

    private bool IsParallel => options is { Structure: CrossStructure.Parallel, Hidden.Count: > 0 };

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor vectors, Tensor numbers)
    {
        var x0 = cat([vectors.flatten(1), numbers], 1); // [B, D]
        var crossed = crosses.forward(x0);
        return output.forward(IsParallel ? cat([crossed, deep.forward(x0)], 1) : deep.forward(crossed)).squeeze(1);
    }

    private nn.Module<Tensor, Tensor> Map(int width) => options switch
    {
        { Rank: 0 } => new Dense(width, width, Initializers.GlorotUniform),
        { Experts: 1 } => new LowRankMap(width, options.Rank),
        _ => new ExpertMap(width, options.Rank, options.Experts, options.Gate),
    };
}
