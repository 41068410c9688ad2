using Tastemaker.Data;

namespace Tastemaker.Models.Boltzmann;

/// <summary>
/// The rated cells of a matrix in both orders. Pairs are numbered by user and, within one, by item; <see cref="ItemPairs"/> gives the number of each entry
/// of <see cref="ByItem"/>.
/// </summary>
internal sealed class RatingPairs
{
    private RatingPairs(SparseRows byUser)
    {
        ByUser = byUser;
        ByItem = byUser.Transpose();
        UserPairs = [.. Enumerable.Range(0, byUser.EntryCount)];
        ItemPairs = new int[byUser.EntryCount];
        var next = ByItem.Offsets.ToArray();
        foreach (var (pair, item) in byUser.Columns.ToArray().Index())
        {
            ItemPairs[next[item]++] = pair;
        }
    }

    /// <summary>A row a user: distinct items, ascending, with ratings.</summary>
    public SparseRows ByUser { get; }

    /// <summary>A row an item: distinct users, ascending, with ratings.</summary>
    public SparseRows ByItem { get; }

    /// <summary>The pair of each entry of <see cref="ByUser"/>: its own number.</summary>
    public int[] UserPairs { get; }

    /// <summary>The pair of each entry of <see cref="ByItem"/>.</summary>
    public int[] ItemPairs { get; }

    /// <summary>Number of pairs.</summary>
    public int Count => ByUser.EntryCount;

    /// <summary>The pairs of rows that are distinct and ascending.</summary>
    public static RatingPairs Of(SparseRows byUser) => new(byUser);

    /// <summary>The mean rating of each row, and <paramref name="otherwise"/> where there is none.</summary>
    public static float[] Means(SparseRows rows, float otherwise)
    {
        var means = new float[rows.RowCount];
        for (var row = 0; row < means.Length; row++)
        {
            means[row] = rows.Length(row) == 0 ? otherwise : Mean(rows.RowValues(row));
        }

        return means;
    }

    /// <summary>The mean of some ratings.</summary>
    public static float Mean(ReadOnlySpan<float> ratings)
    {
        var sum = 0.0;
        foreach (var rating in ratings)
        {
            sum += rating;
        }

        return (float)(sum / Math.Max(1, ratings.Length));
    }
}
