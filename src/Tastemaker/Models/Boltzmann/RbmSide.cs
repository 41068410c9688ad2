using Tastemaker.Data;

namespace Tastemaker.Models.Boltzmann;

/// <summary>The rated cells as one machine sees them: a case is a user and a unit an item, or the other way round.</summary>
/// <param name="Cases">A row a case: its units.</param>
/// <param name="CasePairs">The pair of each entry of <paramref name="Cases"/>.</param>
/// <param name="Units">A row a unit: the cases it is rated in.</param>
/// <param name="UnitPairs">The pair of each entry of <paramref name="Units"/>.</param>
/// <param name="Conditions">A row a case: what is known of it beside its ratings; null for nothing.</param>
internal sealed record RbmSide(SparseRows Cases, int[] CasePairs, SparseRows Units, int[] UnitPairs, SparseRows? Conditions)
{
    private SparseRows? byCondition;

    /// <summary>A row a condition: the cases it holds of.</summary>
    public SparseRows? ByCondition => byCondition ??= Conditions?.Transpose();

    /// <summary>Number of cases with ratings: what sums are divided by.</summary>
    public int Size { get; } = Math.Max(1, Enumerable.Range(0, Cases.RowCount).Count(one => Cases.Length(one) > 0));

    /// <summary>Users as cases.</summary>
    public static RbmSide OfUsers(RatingPairs pairs, SparseRows? conditions) => new(pairs.ByUser, pairs.UserPairs, pairs.ByItem, pairs.ItemPairs, conditions);

    /// <summary>Items as cases.</summary>
    public static RbmSide OfItems(RatingPairs pairs, SparseRows? conditions) => new(pairs.ByItem, pairs.ItemPairs, pairs.ByUser, pairs.UserPairs, conditions);
}
