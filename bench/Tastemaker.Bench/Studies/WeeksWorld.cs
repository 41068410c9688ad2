using Tastemaker.Data;

namespace Tastemaker.Bench.Studies;

/// <summary>
/// Ratings over 52 weeks: 3.5 + a.q + s + noise, with a one of four tastes that a user changes twice a year on average, q what an item is, s an award that makes an item better for eight weeks, less and less, and a season that one kind of items has.
/// </summary>
internal sealed class WeeksWorld
{
    public const int Weeks = 52;
    public const int TrainingWeeks = 44;
    public const int LateRatings = 4;
    private const int Items = 400;
    private const int Tastes = 4;
    private const int EarlyAwards = 30;
    private const int LateAwards = 30;
    private const double Award = 0.8;
    private const int AwardWeeks = 8;
    private const double Season = 0.3;
    private const double NoiseDeviation = 0.4;
    private const double LateShare = 0.15;

    private readonly int[][] tastes; // per user and week
    private readonly double[][] qualities;
    private readonly int[] awards; // the week of each item's award, far away for none

    /// <summary>Makes users, items and ratings.</summary>
    public WeeksWorld(ulong seed, int users)
    {
        var random = new SeededRandom(seed, 5);
        qualities = [.. Enumerable.Range(0, Items).Select(_ => Enumerable.Range(0, Tastes).Select(_ => 0.6 * random.NextGaussian()).ToArray())];
        tastes = [.. Enumerable.Range(0, users).Select(_ => Path(random))];
        awards = new int[Items];
        Array.Fill(awards, 10 * Weeks);
        int[] shuffled = [.. Enumerable.Range(0, Items)];
        random.Shuffle<int>(shuffled);
        foreach (var (place, item) in shuffled[..(EarlyAwards + LateAwards)].Index())
        {
            awards[item] = place < EarlyAwards ? 1 + random.Next(40) : TrainingWeeks + 1;
        }

        double[] popularity = [.. Enumerable.Range(0, Items).Select(_ => Math.Exp(random.NextGaussian()))];
        Rate(random, users, popularity);
    }

    /// <summary>The ratings, a week apart in time.</summary>
    public Dataset Data { get; private set; } = null!;

    /// <summary>The week of each rating, from 1.</summary>
    public List<int> Week { get; } = [];

    /// <summary>Users who join late, with few ratings in the training weeks.</summary>
    public HashSet<int> Late { get; } = [];

    /// <summary>Items with an award in the first test week.</summary>
    public bool HasLateAward(int item) => awards[item] == TrainingWeeks + 1;

    /// <summary>The rating without its noise.</summary>
    public double Expected(int user, int item, int week)
    {
        var age = week - awards[item];
        var effect = age is >= 0 and < AwardWeeks ? Award * (1 - (age / (double)AwardWeeks)) : 0;
        var season = item % Tastes == 0 ? Season * Math.Sin(2 * Math.PI * week / 26) : 0;
        return Math.Clamp(3.5 + (1.2 * qualities[item][tastes[user][week]]) + effect + season, 1, 5);
    }

    private static int[] Path(SeededRandom random)
    {
        var path = new int[Weeks + 1];
        path[0] = random.Next(Tastes);
        for (var week = 1; week <= Weeks; week++)
        {
            path[week] = random.NextDouble() < 2.0 / Weeks ? (path[week - 1] + 1 + random.Next(Tastes - 1)) % Tastes : path[week - 1];
        }

        return path;
    }

    private void Rate(SeededRandom random, int users, double[] popularity)
    {
        List<int> of = [], what = [];
        List<float> values = [];
        List<long> times = [];
        double[] sums = [.. popularity.Select((_, item) => popularity.Take(item + 1).Sum())];
        for (var user = 0; user < users; user++)
        {
            var (joins, seen) = (1, new HashSet<int>());
            if (random.NextDouble() < LateShare)
            {
                joins = 35 + random.Next(10);
                Late.Add(user);
            }

            for (var week = joins; week <= Weeks; week++)
            {
                var count = random.NextDouble() < 0.5 ? 1 + Poisson(random, 2) : 0;
                count = Late.Contains(user) && week <= TrainingWeeks ? Math.Min(count, LateRatings - seen.Count) : count;
                for (var rating = 0; rating < count; rating++)
                {
                    var place = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
                    var item = Math.Min(Items - 1, place < 0 ? ~place : place);
                    if (seen.Add(item))
                    {
                        of.Add(user);
                        what.Add(item);
                        values.Add((float)Math.Clamp(Expected(user, item, week) + (NoiseDeviation * random.NextGaussian()), 1, 5));
                        times.Add(Timestamps.OfSeconds(week * 7L * 86_400));
                        Week.Add(week);
                    }
                }
            }
        }

        Data = new Dataset
        {
            Name = "planted-weeks",
            Users = new Vocabulary(Enumerable.Range(0, users).Select(user => $"u{user}")),
            Items = new Vocabulary(Enumerable.Range(0, Items).Select(item => $"i{item}")),
            Interactions = new Interactions([.. of], [.. what], [.. values], [.. times]),
        };
    }

    private static int Poisson(SeededRandom random, double mean)
    {
        var (count, product) = (0, random.NextDouble());
        for (var limit = Math.Exp(-mean); product > limit; product *= random.NextDouble())
        {
            count++;
        }

        return count;
    }
}
