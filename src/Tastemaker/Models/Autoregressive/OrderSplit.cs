using Tastemaker.Batches;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoregressive;

/// <summary>
/// A random order of each row's D ratings and a random place i in it, from 1 to D: the i - 1 ratings before it are given, the others are asked for and
/// weigh D / (D - i + 1) each. Only which ratings come before the place matters, not their order.
/// </summary>
internal static class OrderSplit
{
    /// <summary>Draws from torch's generator; rows must not be empty.</summary>
    /// <param name="rows">The rows.</param>
    /// <returns>The ratings given, those asked for, and the weights beside the latter.</returns>
    public static (SparseRatings Given, SparseRatings Asked, Tensor Weights) Draw(SparseRatings rows)
    {
        var counts = rows.Counts; // D [B]
        var device = counts.device;
        var given = (rand(rows.RowCount, float64, device) * counts).to(int64).minimum(counts - 1); // i - 1, from 0 to D - 1
        var rowOf = rows.RowOfEntry; // [nnz]
        var order = (rand(rows.EntryCount, float64, device) + rowOf).argsort(); // shuffles inside rows
        var place = arange(rows.EntryCount, int64, device) - rows.Offsets.index_select(0, rowOf);
        var isGiven = place < given.index_select(0, rowOf);
        var weights = (counts.to(rows.Values.dtype) / (counts - given)).index_select(0, rowOf);
        return (Pick(rows, order, isGiven, given), Pick(rows, order, isGiven.logical_not(), counts - given), weights.masked_select(isGiven.logical_not()));
    }

    private static SparseRatings Pick(SparseRatings rows, Tensor order, Tensor mask, Tensor counts)
    {
        var chosen = order.masked_select(mask);
        var offsets = cat([zeros(1, int64, counts.device), counts.cumsum(0)]).to(int32);
        return new SparseRatings(rows.Columns.index_select(0, chosen), offsets, rows.Values.index_select(0, chosen));
    }
}
