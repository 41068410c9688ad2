using Tastemaker.Data;

namespace Tastemaker.Training.Batches;

/// <summary>The distinct pairs of user and item of a training set, by index.</summary>
internal sealed class SeenPairs
{
    private readonly SparseRows seen;
    private readonly int[] users;

    /// <summary>The pairs of a matrix with distinct columns in each row.</summary>
    public SeenPairs(SparseRows seen)
    {
        this.seen = seen;
        users = new int[seen.EntryCount];
        for (var user = 0; user < seen.RowCount; user++)
        {
            users.AsSpan(seen.Offsets[user], seen.Length(user)).Fill(user);
        }
    }

    /// <summary>Number of pairs.</summary>
    public int Count => users.Length;

    /// <summary>User of each pair.</summary>
    public ReadOnlySpan<int> Users => users;

    /// <summary>Item of each pair.</summary>
    public ReadOnlySpan<int> Items => seen.Columns;
}
