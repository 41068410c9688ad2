using Tastemaker.Data;

namespace Tastemaker.Bench.Generation;

/// <summary>
/// Interactions shaped like MovieLens: power-law items, lognormal users, half-star ratings, times that rise within a user. Users have three
/// interests and stay with one for a while, so that factor models, autoencoders and sequence models all find something to learn. The same
/// shape and seed give the same rows on every machine and any number of threads.
/// </summary>
internal sealed class SyntheticInteractions
{
    private const int InterestsPerUser = 3;
    private const double FollowsInterest = 0.8;
    private const double StaysWithInterest = 0.9;
    private const int PopularTries = 32;
    private const long FirstSecond = 789_652_009;                 // January 1995, where MovieLens begins
    private const long TwentyYears = 20L * 365 * 24 * 3600;

    private readonly SyntheticShape shape;
    private readonly SyntheticCatalog catalog;
    private readonly SparseRows given;
    private readonly int[] starts;
    private readonly int[] users;
    private readonly int[] items;
    private readonly float[] ratings;
    private readonly long[] times;

    private SyntheticInteractions(SyntheticShape shape)
    {
        this.shape = shape;
        catalog = new SyntheticCatalog(shape);
        var counts = SyntheticActivity.Counts(shape);
        given = SyntheticActivity.Given(shape, counts);
        starts = new int[shape.Users + 1];
        for (var user = 0; user < shape.Users; user++)
        {
            starts[user + 1] = starts[user] + counts[user];
        }

        users = new int[shape.Interactions];
        items = new int[shape.Interactions];
        ratings = new float[shape.Interactions];
        times = new long[shape.Interactions];
    }

    /// <summary>Generates a data set, users in index order and each user's rows in time order.</summary>
    /// <exception cref="InputException">No data set has this shape.</exception>
    public static Interactions Generate(SyntheticShape shape)
    {
        shape.Validate();
        var made = new SyntheticInteractions(shape);
        Parallel.For(0, shape.Users, () => new int[shape.Items], (user, _, takenBy) => made.Fill(user, takenBy), _ => { });
        return new Interactions(made.users, made.items, made.ratings, made.times);
    }

    /// <summary>Fills the rows of a user. <paramref name="takenBy"/> is a worker's own: the last user (+ 1) who took each item.</summary>
    private int[] Fill(int user, int[] takenBy)
    {
        var random = new SeededRandom(shape.Seed, 4, (ulong)user);
        var own = items.AsSpan(starts[user], starts[user + 1] - starts[user]);
        users.AsSpan(starts[user], own.Length).Fill(user);
        given[user].CopyTo(own);
        foreach (var item in given[user])
        {
            takenBy[item] = user + 1;
        }

        Span<int> interests = stackalloc int[InterestsPerUser];
        for (var index = 0; index < InterestsPerUser; index++)
        {
            interests[index] = random.Next(shape.Interests);
        }

        var interest = interests[0];
        for (var position = given.Length(user); position < own.Length; position++)
        {
            interest = random.NextDouble() < StaysWithInterest ? interest : interests[random.Next(InterestsPerUser)];
            own[position] = NewItem(interest, random, takenBy, user + 1);
        }

        FillRatings(user, interests, random);
        FillTimes(user, random);
        return takenBy;
    }

    private int NewItem(int interest, SeededRandom random, int[] takenBy, int mark)
    {
        // A user who has all popular items of an interest goes on to the rest of the catalog.
        for (var tries = 0; ; tries++)
        {
            var from = tries < PopularTries && random.NextDouble() < FollowsInterest ? catalog.ByInterest[interest] : null;
            var item = tries < 2 * PopularTries ? (from ?? catalog.Everything).Draw(random) : random.Next(shape.Items);
            if (takenBy[item] != mark)
            {
                takenBy[item] = mark;
                return item;
            }
        }
    }

    private void FillRatings(int user, ReadOnlySpan<int> interests, SeededRandom random)
    {
        var generosity = 0.4 * random.NextGaussian();
        for (var row = starts[user]; row < starts[user + 1]; row++)
        {
            var liking = interests.Contains(catalog.InterestOf[items[row]]) ? 0.4 : -0.2;
            var rating = catalog.Quality[items[row]] + generosity + liking + (0.8 * random.NextGaussian());
            ratings[row] = (float)Math.Clamp(Math.Round(rating * 2) / 2, 0.5, 5.0);
        }
    }

    private void FillTimes(int user, SeededRandom random)
    {
        const double newSession = 0.02, secondsBetweenRatings = 30, secondsBetweenSessions = 5 * 24 * 3600;
        var time = FirstSecond + (long)(random.NextDouble() * TwentyYears);
        for (var row = starts[user]; row < starts[user + 1]; row++)
        {
            times[row] = Timestamps.OfSeconds(time);
            var mean = random.NextDouble() < newSession ? secondsBetweenSessions : secondsBetweenRatings;
            time += 1 + (long)(-mean * Math.Log(1 - random.NextDouble()));
        }
    }
}
