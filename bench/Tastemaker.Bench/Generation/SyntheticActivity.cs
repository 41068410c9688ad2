using Tastemaker.Data;

namespace Tastemaker.Bench.Generation;

/// <summary>How many interactions each generated user has (lognormal above a minimum), and which item each is given so that none is missing.</summary>
internal static class SyntheticActivity
{
    /// <summary>Spread of the logarithm that makes MovieLens-20M's median (68) and mean (144) with its minimum of 20.</summary>
    private const double Sigma = 1.38;

    /// <summary>Interactions of each user; the sum is exactly that of the shape.</summary>
    public static int[] Counts(SyntheticShape shape)
    {
        var random = new SeededRandom(shape.Seed, 2);
        var counts = new int[shape.Users];
        var excess = new double[shape.Users];
        for (var user = 0; user < shape.Users; user++)
        {
            excess[user] = Math.Exp(Sigma * random.NextGaussian());
        }

        var scale = (shape.Interactions - ((double)shape.Users * shape.FewestPerUser)) / excess.Sum();
        var left = shape.Interactions;
        for (var user = 0; user < shape.Users; user++)
        {
            counts[user] = Math.Min(shape.FewestPerUser + (int)(excess[user] * scale), shape.MostPerUser);
            left -= counts[user];
        }

        // Rounding and the cap leave some over: anyone with room takes one more.
        while (left > 0)
        {
            var user = random.Next(shape.Users);
            if (counts[user] < shape.MostPerUser)
            {
                counts[user]++;
                left--;
            }
        }

        return counts;
    }

    /// <summary>A row a user: items that this user has in any case, so that every item of the catalog occurs.</summary>
    public static SparseRows Given(SyntheticShape shape, int[] counts)
    {
        var random = new SeededRandom(shape.Seed, 3);
        var taker = new int[shape.Items];
        var offsets = new int[shape.Users + 1];
        for (var item = 0; item < shape.Items; item++)
        {
            var user = random.Next(shape.Users);
            while (offsets[user + 1] >= counts[user])
            {
                user = (user + 1) % shape.Users;
            }

            taker[item] = user;
            offsets[user + 1]++;
        }

        for (var user = 0; user < shape.Users; user++)
        {
            offsets[user + 1] += offsets[user];
        }

        int[] columns = [.. Enumerable.Range(0, shape.Items).OrderBy(item => taker[item])];
        return new SparseRows(offsets, columns, shape.Items);
    }
}
