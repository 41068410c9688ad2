using Tastemaker.Batches;
using Tastemaker.Nn;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Hybrid;

/// <summary>
/// A max time-delay network: o_j = max over k of ReLU(w_j . x_k..k+l_j-1 + b_j) for each region size l_j, over the windows within the text, and s_j = tanh(U o_j + b). A text shorter than a region has one window, with zeros after its
/// end; a text without words gives what the biases give.
/// </summary>
internal sealed class NcnEncoder : nn.Module
{
    private readonly ModuleList<RowFilters> filters;
    private readonly Dense? layer;
    private readonly bool isJoint;

    /// <summary>Filters with random weights.</summary>
    /// <param name="dimension">d: length of the vectors of words or authors.</param>
    /// <param name="count">F: filters of each region size, and length of a slot.</param>
    /// <param name="regions">Region sizes, in words.</param>
    /// <param name="rule">The layer after the maximum.</param>
    public NcnEncoder(int dimension, int count, IReadOnlyList<int> regions, RegionLayer rule)
        : base(nameof(NcnEncoder))
    {
        filters = nn.ModuleList([.. regions.Select(region => new RowFilters(dimension, count, region))]);
        isJoint = rule is RegionLayer.Joint;
        var width = isJoint ? count * regions.Count : count;
        layer = rule is RegionLayer.None ? null : new Dense(width, width, Initializers.GlorotUniform);
        RegisterComponents();
    }

    /// <summary>The slots of texts [B, regions, F].</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="words">Vectors of their words.</param>
    public Tensor Slots(PaddedTexts texts, EmbeddingTable words)
    {
        var x = words.forward(texts.Words); // [B, L, d]
        var o = stack([.. filters.Select(filter => filter.Largest(x, texts.IsWord).relu())], 1); // [B, regions, F]
        return layer is null ? o : isJoint ? layer.forward(o.flatten(1)).tanh().view(o.shape) : layer.forward(o).tanh();
    }
}
