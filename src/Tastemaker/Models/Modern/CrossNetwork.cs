using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Modern;

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
