using Tastemaker.Data;

namespace Tastemaker.Batches;

/// <summary>The distinct pairs of user and item of a training set, by number. The two lie side by side: a random pair costs one read of memory.</summary>
internal sealed class DistinctPairs
{
    private readonly (int User, int Item)[] pairs;
    private readonly SparseRows seen;

    /// <summary>The pairs of a matrix with distinct columns in each row.</summary>
    public DistinctPairs(SparseRows seen)
    {
        this.seen = seen;
        pairs = new (int, int)[seen.EntryCount];
        var number = 0;
        for (var user = 0; user < seen.RowCount; user++)
        {
            foreach (var item in seen[user])
            {
                pairs[number++] = (user, item);
            }
        }
    }

    /// <summary>Number of pairs.</summary>
    public int Count => pairs.Length;

    /// <summary>A pair, by number: users ascending, each user's items ascending.</summary>
    public (int User, int Item) this[int number] => pairs[number];

    /// <summary>The number of one of a user's pairs, at random; the user has some.</summary>
    public int OfUser(int user, SeededRandom random) => seen.Offsets[user] + random.Next(seen.Length(user));
}
