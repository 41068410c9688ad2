using Tastemaker.Data;

namespace Tastemaker.Batches;

/// <summary>The distinct pairs of user and item in a training set, numbered, and the items each user lacks.</summary>
internal sealed class PositivePairs(TrainingSet train)
{
    private readonly SparseRows seen = train.Seen;
    private readonly DistinctPairs pairs = new(train.Seen);

    /// <summary>Number of pairs.</summary>
    public int Count => pairs.Count;

    /// <summary>A pair, by number.</summary>
    public (int User, int Item) this[int number] => pairs[number];

    /// <summary>
    /// An item the user lacks, uniformly; -1 if it has all. Never by trial and error: the r-th missing item is found by binary search, so a user
    /// who has almost everything costs no more than others.
    /// </summary>
    public int Negative(int user, SeededRandom random)
    {
        var items = seen[user];
        var missing = seen.ColumnCount - items.Length;
        if (missing == 0)
        {
            return -1;
        }

        // items[k] - k missing items come before items[k]: skip as many of the user's items as precede the chosen missing one.
        var chosen = random.Next(missing);
        var (low, high) = (0, items.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (items[middle] - middle <= chosen)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return chosen + low;
    }
}
