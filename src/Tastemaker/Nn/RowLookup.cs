using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>One recorded look-up in a table: the distinct rows, and the copy of them whose gradient backward fills.</summary>
/// <param name="Rows">Distinct row indexes [n].</param>
/// <param name="Vectors">A leaf [n, dimension].</param>
internal readonly record struct RowLookup(Tensor Rows, Tensor Vectors);
