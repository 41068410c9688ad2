using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>One recorded look-up in a table: the distinct rows, and the copy of them whose gradient backward fills.</summary>
/// <param name="Rows">Distinct row indexes [n].</param>
/// <param name="Vectors">A leaf [n, dimension].</param>
internal readonly record struct RowLookup(Tensor Rows, Tensor Vectors);

/// <summary>
/// One learned vector a user or item. In row mode, look-ups of a training step are recorded, so that an optimizer updates only the rows
/// that the step touched and a step costs what it touches, not what the table holds.
/// </summary>
public sealed class EmbeddingTable : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // a field, because state_dict names a parameter by its field
    private readonly List<RowLookup> lookups = [];
    private DistinctIds? distinct;

    /// <summary>A table of <paramref name="rows"/> vectors of <paramref name="dimension"/> numbers.</summary>
    /// <param name="rows">Number of vectors.</param>
    /// <param name="dimension">Length of each.</param>
    /// <param name="initialize">Fills the weights in place; every system states its own (torch's N(0, 1) suits none).</param>
    public EmbeddingTable(long rows, long dimension, Action<Tensor> initialize)
        : base(nameof(EmbeddingTable))
    {
        weight = nn.Parameter(empty(rows, dimension));
        using (no_grad())
        {
            initialize(weight);
        }

        RegisterComponents();
    }

    /// <summary>The vectors [rows, dimension].</summary>
    public Parameter Weight => weight;

    /// <summary>Number of vectors.</summary>
    public long Rows => weight.shape[0];

    /// <summary>
    /// Set by systems whose loss reads <see cref="Weight"/> directly (a softmax over all items): every row has a gradient, so the table is
    /// never updated row by row.
    /// </summary>
    public bool AlwaysWhole { get; init; }

    /// <summary>Whether look-ups are recorded for row-wise updates; chosen by the trainer before the first step.</summary>
    internal bool RowMode { get; set; }

    /// <summary>The look-ups since the last <see cref="ForgetLookups"/>, each a leaf with its own gradient.</summary>
    internal IReadOnlyList<RowLookup> Lookups => lookups;

    /// <summary>The vectors of some ids, e.g. [B] to [B, dimension] or [B, n] to [B, n, dimension].</summary>
    public override Tensor forward(Tensor ids)
    {
        var flat = ids.flatten();
        var vectors = RowMode && training && is_grad_enabled() ? LookUp(flat) : Select(weight, flat);
        return ids.dim() == 1 ? vectors : vectors.view([.. ids.shape, weight.shape[1]]);
    }

    /// <summary>The vectors of some ids [n, dimension]; an id of -1 gets zeros. For answering: look-ups are not recorded.</summary>
    internal Tensor OfKnown(ReadOnlySpan<int> ids)
    {
        var (all, device) = (ids.ToArray(), weight.device);
        var vectors = weight.index_select(0, tensor(Array.ConvertAll(all, id => Math.Max(0, id)), device: device));
        return Array.TrueForAll(all, id => id >= 0) ? vectors : vectors.masked_fill(tensor(Array.ConvertAll(all, id => id < 0), device: device).unsqueeze(1), 0);
    }

    /// <summary>The gathered gradient of the rows that the step touched. Kept, so that all readers see one tensor: a change such as clipping then holds for each of them.</summary>
    internal (Tensor Rows, Tensor Gradient)? Gathered { get; set; }

    /// <summary>Drops the recorded look-ups: the step is over.</summary>
    internal void ForgetLookups()
    {
        lookups.Clear();
        Gathered = null;
    }

    /// <summary>The distinct ids among some, and for each id its position among them.</summary>
    internal (Tensor Rows, Tensor Positions) Distinct(Tensor ids) => (distinct ??= new DistinctIds((int)Rows)).Of(ids);

    private Tensor LookUp(Tensor ids)
    {
        var (rows, positions) = Distinct(ids);
        Tensor leaf;
        using (no_grad())
        {
            leaf = weight.index_select(0, rows);
        }

        leaf.requires_grad_(true);
        lookups.Add(new RowLookup(rows, leaf));
        return Select(leaf, positions); // its backward sums the gradients of repeated ids
    }

    // A number a row is chosen from a vector: torch's gradient of that is tens of times faster than that of choosing rows of length 1.
    private static Tensor Select(Tensor rows, Tensor ids) => rows.shape[1] == 1 ? rows.squeeze(1).index_select(0, ids).unsqueeze(1) : rows.index_select(0, ids);
}
