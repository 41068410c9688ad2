using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Modern;

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
