using Tastemaker.Data;

namespace Tastemaker.Batches.Sampling;

/// <summary>Answers whether a user has an item: one bit a pair where that fits, a binary search otherwise.</summary>
internal sealed class SeenItems
{
    private const long MostBitmapBytes = 64L << 20;
    private readonly ulong[]? bits;

    /// <summary>The pairs of a matrix with ascending rows, such as <see cref="TrainingSet.Seen"/>.</summary>
    public SeenItems(SparseRows rows)
    {
        Rows = rows;
        var pairs = (long)rows.RowCount * rows.ColumnCount;
        if (pairs / 8 > MostBitmapBytes)
        {
            return;
        }

        bits = new ulong[(pairs / 64) + 1];
        for (var user = 0; user < rows.RowCount; user++)
        {
            foreach (var item in rows[user])
            {
                var pair = Pair(user, item);
                bits[pair >> 6] |= 1UL << (int)(pair & 63);
            }
        }
    }

    /// <summary>A row a user: distinct items, ascending.</summary>
    public SparseRows Rows { get; }

    /// <summary>Whether the user has the item.</summary>
    public bool Contains(int user, int item)
    {
        if (bits is null)
        {
            return Rows.SortedRowContains(user, item);
        }

        var pair = Pair(user, item);
        return (bits[pair >> 6] >> (int)(pair & 63) & 1) != 0;
    }

    private long Pair(int user, int item) => ((long)user * Rows.ColumnCount) + item;
}
