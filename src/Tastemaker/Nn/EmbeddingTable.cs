using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// One learned vector a user or item. Look-ups are recorded so that an optimizer can update only the rows a step touched.
/// </summary>
internal sealed class EmbeddingTable : nn.Module<Tensor, Tensor>
{
    /// <summary>A table of <paramref name="rows"/> vectors of <paramref name="dimension"/> numbers.</summary>
    /// <param name="rows">Number of vectors.</param>
    /// <param name="dimension">Length of each.</param>
    /// <param name="initialize">Fills the weights in place; every system states its own (torch's N(0, 1) suits none).</param>
    public EmbeddingTable(long rows, long dimension, Action<Tensor> initialize)
        : base(nameof(EmbeddingTable))
    {
        Weight = nn.Parameter(empty(rows, dimension));
        using (no_grad())
        {
            initialize(Weight);
        }

        RegisterComponents();
    }

    /// <summary>The vectors [rows, dimension].</summary>
    public TorchSharp.Modules.Parameter Weight { get; }

    /// <summary>The vectors of some ids, e.g. [B] to [B, dimension] or [B, n] to [B, n, dimension].</summary>
    public override Tensor forward(Tensor ids) => Weight.index_select(0, ids.flatten()).view([.. ids.shape, Weight.shape[1]]);
}
