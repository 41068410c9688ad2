using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Recommending;

namespace Tastemaker.Bench.Studies;

/// <summary>
/// A hundred days at a place for films, in which it is known what there is to find. Items of 20 topics are uploaded on a day and fade by exp(-age / 5 days);
/// 30 % of them are episodes in a row. Users have three topics, and watch the next episode three times in ten. Of items shown ten to a page,
/// clicks rise with the user's taste and with an item's bait; minutes watched rise with taste and fall with bait.
/// </summary>
internal sealed class WatchWorld
{
    private const int Topics = 20;
    private const int ItemCount = 5000;
    private const int Days = 100;
    private const int TestDays = 5;
    private const int Watches = 60;
    private const int Episodes = 5;
    private const int PageItems = 10;
    private const long Second = 86_400;
    private const double Noise = 0.5; // of the log of minutes

    private static readonly double[] Shares = [0.6, 0.3, 0.1];

    private readonly SeededRandom random;
    private readonly int[] topics = new int[ItemCount];
    private readonly int[] uploads = new int[ItemCount];
    private readonly double[] appeals = new double[ItemCount];
    private readonly float[] baits = new float[ItemCount];
    private readonly bool[] hasNext = new bool[ItemCount];
    private readonly int[][] tastes;
    private readonly (int[] Items, double[] Sums)[,] choices = new (int[], double[])[Topics, Days];
    private readonly List<(int User, int Item, long Time)> watched = [];

    /// <summary>Makes items, users, and what they watched.</summary>
    public WatchWorld(ulong seed, int users)
    {
        random = new SeededRandom(seed);
        MakeItems();
        tastes = [.. Enumerable.Range(0, users).Select(_ => Draw(Topics, Shares.Length))];
        MakeChoices();
        for (var user = 0; user < users; user++)
        {
            Watch(user);
        }
    }

    /// <summary>Number of users.</summary>
    public int Users => tastes.Length;

    /// <summary>Items uploaded in the last days of training.</summary>
    public bool IsFresh(int item) => uploads[item] is >= Days - (2 * TestDays) and < Days - TestDays;

    /// <summary>Whether an item is the next episode of another.</summary>
    public bool IsNextEpisode(int item, int of) => item == of + 1 && hasNext[of];

    /// <summary>Items there are at the end of training.</summary>
    public bool IsUploaded(int item) => uploads[item] < Days - TestDays;

    /// <summary>What showing an item to a user is worth: minutes watched, on average.</summary>
    public double ExpectedMinutes(int user, int item) => Clicks(user, item) * Math.Exp(LogMinutes(user, item) + (Noise * Noise / 2));

    /// <summary>
    /// Watches before the last five days to train on, from a day on; a request for each watch after, with all that its user watched before it. Watches of items
    /// that training lacks are left out.
    /// </summary>
    public Split NextWatches(int fromDay = 0)
    {
        var before = watched.Where(watch => watch.Time < (Days - TestDays) * Second && watch.Time >= fromDay * Second).ToList();
        var train = new TrainingSet(Data(before));
        var known = before.Select(watch => watch.Item).ToHashSet();
        var (askers, histories, targets) = (new List<int>(), new List<int[]>(), new List<int[]>());
        foreach (var own in watched.GroupBy(watch => watch.User))
        {
            var all = own.OrderBy(watch => watch.Time).ToList();
            for (var place = 1; place < all.Count; place++)
            {
                var earlier = all.Take(place).Select(watch => watch.Item).ToArray();
                if (all[place].Time >= (Days - TestDays) * Second && known.Contains(all[place].Item) && !earlier.Contains(all[place].Item))
                {
                    askers.Add(own.Key);
                    histories.Add(earlier);
                    targets.Add([all[place].Item]);
                }
            }
        }

        var requests = SparseRows.FromRows([.. histories], ItemCount);
        return new Split
        {
            Description = $"next watches from day {fromDay}",
            Train = train,
            Test = new HoldOut
            {
                Requests = new RequestBatch([.. askers], requests),
                Targets = SparseRows.FromRows([.. targets], ItemCount),
                Excluded = requests.SortedByColumn(),
            },
        };
    }

    /// <summary>Pages of items shown, each row with its click and, where clicked, its minutes; the page is the row's number divided by ten.</summary>
    public Dataset Impressions(int pages)
    {
        var (rows, labels, minutes) = (new List<(int User, int Item, long Time)>(), new List<float>(), new List<float>());
        int[] shown = [.. Enumerable.Range(0, ItemCount).Where(IsUploaded)];
        for (var page = 0; page < pages; page++)
        {
            var user = random.Next(Users);
            for (var place = 0; place < PageItems; place++)
            {
                // Half of a page is of the user's topics.
                var item = shown[random.Next(shown.Length)];
                while (place % 2 == 0 && !tastes[user].Contains(topics[item]))
                {
                    item = shown[random.Next(shown.Length)];
                }

                var isClicked = random.NextDouble() < Clicks(user, item);
                rows.Add((user, item, (Days - TestDays) * Second));
                labels.Add(isClicked ? 1 : 0);
                minutes.Add(isClicked ? (float)Math.Exp(LogMinutes(user, item) + (Noise * random.NextGaussian())) : float.NaN);
            }
        }

        return Data(rows) with
        {
            Interactions = new Interactions([.. rows.Select(row => row.User)], [.. rows.Select(row => row.Item)], [.. labels]),
            InteractionFeatures = new FeatureTable(rows.Count, [new NumericColumn("minutes", [.. minutes])]),
            IsLabelled = true,
        };
    }

    private double Clicks(int user, int item) => 1 / (1 + Math.Exp(3.5 - (3 * Taste(user, item)) - (2 * baits[item])));

    private double LogMinutes(int user, int item) => 1 + (2 * Taste(user, item)) - (4 * baits[item]);

    private double Taste(int user, int item) => Array.IndexOf(tastes[user], topics[item]) is >= 0 and var place ? Shares[place] : 0;

    private void MakeItems()
    {
        for (var first = 0; first < ItemCount; first += Episodes)
        {
            var isChain = random.NextDouble() < 0.3;
            var topic = random.Next(Topics);
            int[] days = [.. Enumerable.Range(0, Episodes).Select(_ => random.Next(Days))];
            if (isChain)
            {
                Array.Sort(days);
            }

            for (var place = 0; place < Episodes; place++)
            {
                var item = first + place;
                (topics[item], uploads[item]) = (isChain ? topic : random.Next(Topics), days[place]);
                (appeals[item], baits[item]) = (Math.Exp(0.7 * random.NextGaussian()), (float)random.NextDouble());
                hasNext[item] = isChain && place < Episodes - 1;
            }
        }
    }

    private void MakeChoices()
    {
        for (var topic = 0; topic < Topics; topic++)
        {
            for (var day = 0; day < Days; day++)
            {
                int[] items = [.. Enumerable.Range(0, ItemCount).Where(item => topics[item] == topic && uploads[item] <= day)];
                var sums = new double[items.Length];
                for (var place = 0; place < items.Length; place++)
                {
                    sums[place] = (place > 0 ? sums[place - 1] : 0) + (appeals[items[place]] * Math.Exp((uploads[items[place]] - day) / 5.0));
                }

                choices[topic, day] = (items, sums);
            }
        }
    }

    private void Watch(int user)
    {
        long[] times = [.. Enumerable.Range(0, Watches).Select(_ => (long)(random.NextDouble() * Days * Second)).Order()];
        var last = -1;
        var seen = new HashSet<int>();
        foreach (var time in times)
        {
            var day = (int)(time / Second);
            var item = last >= 0 && hasNext[last] && uploads[last + 1] <= day && random.NextDouble() < 0.3 ? last + 1 : -1;
            for (var attempt = 0; attempt < 20 && (item < 0 || seen.Contains(item)); attempt++)
            {
                item = Choose(user, day);
            }

            if (item >= 0 && seen.Add(item))
            {
                watched.Add((user, item, time));
                last = item;
            }
        }
    }

    private int Choose(int user, int day)
    {
        var (mark, rank) = (random.NextDouble() - Shares[0], 0);
        while (mark >= 0 && rank < Shares.Length - 1)
        {
            mark -= Shares[++rank];
        }

        var (items, sums) = choices[tastes[user][rank], day];
        if (items.Length == 0)
        {
            return -1;
        }

        var place = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
        return items[Math.Min(place >= 0 ? place : ~place, items.Length - 1)];
    }

    private int[] Draw(int from, int count)
    {
        int[] all = [.. Enumerable.Range(0, from)];
        random.Shuffle<int>(all);
        return all[..count];
    }

    // What is known of a user are the topics watched most, in that order.
    private Dataset Data(List<(int User, int Item, long Time)> rows) => new()
    {
        Name = "watches",
        Users = new Vocabulary(Enumerable.Range(0, Users).Select(user => $"{user}")),
        Items = new Vocabulary(Enumerable.Range(0, ItemCount).Select(item => $"{item}")),
        Interactions = new Interactions([.. rows.Select(row => row.User)], [.. rows.Select(row => row.Item)], null, [.. rows.Select(row => row.Time)]),
        UserFeatures = new FeatureTable(Users, [.. Enumerable.Range(0, Shares.Length).Select(rank => Topic($"topic{rank}", Favorites(rank)))]),
        ItemFeatures = new FeatureTable(ItemCount, [Topic("topic", topics), new NumericColumn("bait", baits)]),
    };

    private int[] Favorites(int rank)
    {
        var counts = new int[Users, Topics];
        foreach (var (user, item, time) in watched)
        {
            counts[user, topics[item]] += time < (Days - TestDays) * Second ? 1 : 0;
        }

        return [.. Enumerable.Range(0, Users).Select(user => Enumerable.Range(0, Topics).OrderByDescending(topic => counts[user, topic]).ElementAt(rank))];
    }

    private static CategoricalColumn Topic(string name, int[] values) => new(name, new Vocabulary(Enumerable.Range(0, Topics).Select(topic => $"{topic}")), values);
}
