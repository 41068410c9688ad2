using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Modern;

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
