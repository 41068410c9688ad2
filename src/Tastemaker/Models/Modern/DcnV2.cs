using System.ComponentModel.DataAnnotations;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Modern;

/// <summary>How the cross network of <see cref="DcnV2"/> and its fully connected layers are joined.</summary>
public enum CrossStructure
{
    /// <summary>The layers read what the cross network gives.</summary>
    Stacked,

    /// <summary>Both read the row; their outputs are put side by side.</summary>
    Parallel,
}

/// <summary>How much each expert of a DCN-V2 mixture counts for a row.</summary>
public enum ExpertGate
{
    /// <summary>Shares that add up to 1.</summary>
    Softmax,

    /// <summary>A number from 0 to 1 each, whatever the others have.</summary>
    Sigmoid,
}

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
        Answers = Capabilities.KnownUsers | Capabilities.Features,
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

/// <summary>
/// Cross layers: x_(l+1) = x_0 o T_l(x_l) + x_l, with T_l affine, W_l x_l + b_l, in DCN-V2 (Wang et al. 2021, eq. 1). L layers give all products of
/// at most L + 1 of the inputs.
/// </summary>
internal sealed class CrossNetwork : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<nn.Module<Tensor, Tensor>> layers;

    /// <summary>A layer a map; maps keep the width.</summary>
    public CrossNetwork(IEnumerable<nn.Module<Tensor, Tensor>> maps)
        : base(nameof(CrossNetwork))
    {
        layers = nn.ModuleList([.. maps]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x0) // [B, D]
    {
        var x = x0;
        foreach (var map in layers)
        {
            x = (x0 * map.call(x)) + x;
        }

        return x;
    }
}

/// <summary>U V' x + b: an affine map whose matrix has a low rank (Wang et al. 2021, eq. 2).</summary>
internal sealed class LowRankMap : nn.Module<Tensor, Tensor>
{
    private readonly Parameter up; // fields, because state_dict names parameters by their fields
    private readonly Parameter down;
    private readonly Parameter bias;

    /// <summary>A map of <paramref name="width"/> numbers through <paramref name="rank"/>.</summary>
    public LowRankMap(long width, long rank)
        : base(nameof(LowRankMap))
    {
        (up, down, bias) = (nn.Parameter(empty(width, rank)), nn.Parameter(empty(width, rank)), nn.Parameter(zeros(width)));
        using (no_grad())
        {
            Initializers.GlorotUniform(up);
            Initializers.GlorotUniform(down);
        }

        RegisterComponents();
    }

    /// <summary>U [D, r].</summary>
    public Parameter Up => up;

    /// <summary>V [D, r].</summary>
    public Parameter Down => down;

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) => nn.functional.linear(x.matmul(down), up, bias); // [B, D] -> [B, r] -> [B, D]
}

/// <summary>
/// sum over experts i of g_i(x) (U_i tanh(C_i tanh(V_i' x)) + b): a mixture of maps of low rank, gated by a softmax or a sigmoid each (Wang et al. 2021,
/// eq. 3 and 4).
/// </summary>
internal sealed class ExpertMap : nn.Module<Tensor, Tensor>
{
    private readonly int experts;
    private readonly int rank;
    private readonly Parameter up; // [E, r, D]; fields, because state_dict names parameters by their fields
    private readonly Parameter core; // [E, r, r]
    private readonly Parameter down; // [E, D, r]
    private readonly Parameter bias;
    private readonly Dense gate;
    private readonly ExpertGate kind;

    /// <summary>Some experts on <paramref name="width"/> numbers, each through <paramref name="rank"/>.</summary>
    public ExpertMap(int width, int rank, int experts, ExpertGate kind = ExpertGate.Softmax)
        : base(nameof(ExpertMap))
    {
        (this.experts, this.rank, this.kind) = (experts, rank, kind);
        up = Matrices(rank, width);
        core = Matrices(rank, rank);
        down = Matrices(width, rank);
        bias = nn.Parameter(zeros(width));
        gate = new Dense(width, experts, Initializers.GlorotUniform);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        var hidden = x.unsqueeze(0).matmul(down).tanh().matmul(core).tanh(); // [E, B, r]
        var scores = gate.forward(x);
        var gates = kind is ExpertGate.Softmax ? scores.softmax(1) : scores.sigmoid(); // [B, E]
        var gated = hidden.permute(1, 0, 2) * gates.unsqueeze(2); // [B, E, r]
        var mapped = gated.flatten(1).matmul(up.view((long)experts * rank, -1)); // one product sums over the experts
        return kind is ExpertGate.Softmax ? mapped + bias : mapped + (gates.sum(1, keepdim: true) * bias); // shares add up to 1
    }

    private Parameter Matrices(long rows, long columns)
    {
        var matrices = nn.Parameter(empty(experts, rows, columns));
        using (no_grad())
        {
            foreach (var matrix in matrices.unbind())
            {
                Initializers.GlorotUniform(matrix);
            }
        }

        return matrices;
    }
}
