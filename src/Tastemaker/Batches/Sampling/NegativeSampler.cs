using Tastemaker.Data;

namespace Tastemaker.Batches.Sampling;

/// <summary>
/// Draws items that a user does not have, uniformly or in proportion to popularity^power, by rejection; users who have nearly all items are
/// served exactly, so that every draw ends. Safe to share between threads with a stream each.
/// </summary>
internal sealed class NegativeSampler
{
    private const int MostRejections = 64;
    private readonly SeenItems seen;
    private readonly AliasTable? popular;
    private readonly double[]? weights;
    private readonly int itemCount;

    /// <summary>A sampler over the catalog of a training set.</summary>
    /// <param name="train">Whose items count as seen.</param>
    /// <param name="popularityPower">Items are drawn in proportion to (number of users)^power; 0 for uniform.</param>
    /// <param name="onlyMet">Whether items that no user has are never drawn.</param>
    public NegativeSampler(TrainingSet train, double popularityPower = 0, bool onlyMet = false)
    {
        seen = new SeenItems(train.Seen);
        itemCount = train.ItemCount;
        if (popularityPower == 0 && !onlyMet)
        {
            return;
        }

        weights = Array.ConvertAll(train.Seen.CountColumns(), users => users == 0 ? 0 : Math.Pow(users, popularityPower));
        popular = new AliasTable(weights);
    }

    /// <summary>An item the user does not have.</summary>
    /// <returns>False if the user has all items.</returns>
    public bool TryDraw(int user, SeededRandom random, out int item)
    {
        for (var attempt = 0; attempt < MostRejections; attempt++)
        {
            item = popular?.Draw(random) ?? random.Next(itemCount);
            if (!seen.Contains(user, item))
            {
                return true;
            }
        }

        return TryDrawAmongRest(user, random, out item);
    }

    private bool TryDrawAmongRest(int user, SeededRandom random, out int item)
    {
        var total = 0.0;
        for (item = 0; item < itemCount; item++)
        {
            total += seen.Contains(user, item) ? 0 : Weight(item);
        }

        // Where nobody has any of the rest, popularity gives no weight to go by; each is then as good as another.
        var uniform = total == 0;
        var mark = random.NextDouble() * (uniform ? itemCount - seen.Rows.Length(user) : total);
        var last = -1;
        for (item = 0; item < itemCount; item++)
        {
            if (seen.Contains(user, item))
            {
                continue;
            }

            var weight = uniform ? 1 : Weight(item);
            last = weight > 0 ? item : last;
            if ((mark -= weight) < 0)
            {
                return true;
            }
        }

        item = last; // rounding may leave the mark just past the end
        return last >= 0;
    }

    private double Weight(int item) => weights?[item] ?? 1;
}
