using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Recommending;
using Tastemaker.Systems;

namespace Tastemaker.Testing;

/// <summary>
/// A checkerboard: users 0-49 like the items 0-49 of their own parity. User 50 and item 50 are in the vocabularies but not in training. For
/// systems that learn from values, liked items are rated 5 and as many others 1. For systems that need features of items, each has two tags, which
/// say nothing of the parity.
/// </summary>
internal static class ConformanceData
{
    public const int Side = 50;

    public static bool Likes(int user, int item) => user % 2 == item % 2;

    /// <summary>The checkerboard with a fifth of each user's liked items held out; <paramref name="testSeed"/> chooses test items among them.</summary>
    public static Split Split(IEnumerable<string> needs, bool validate = false, ulong testSeed = 1)
    {
        var withValues = needs.Contains("values");
        var (users, items, values, times) = (new List<int>(), new List<int>(), new List<float>(), new List<long>());
        var (validation, test) = (new List<int[]>(), new List<int[]>());
        for (var user = 0; user < Side; user++)
        {
            var (training, rest) = Divide(user);
            foreach (var item in training.Concat(withValues ? Disliked(user) : []))
            {
                users.Add(user);
                items.Add(item);
                values.Add(Likes(user, item) ? 5 : 1);
                times.Add(1_000_000 + times.Count);
            }

            new SeededRandom(testSeed, (ulong)user).Shuffle<int>(rest);
            validation.Add([.. rest[..2].Order()]);
            test.Add([.. rest[2..4].Order()]);
        }

        var train = new TrainingSet(WithFeatures(Dataset(users, items, withValues ? values : null, times, Side + 1, Side + 1), needs));
        return new Split
        {
            Description = "checkerboard",
            Train = train,
            Validation = validate ? HoldOut(train, validation, withValues) : null,
            Test = HoldOut(train, test, withValues),
        };
    }

    public static Dataset Dataset(List<int> users, List<int> items, List<float>? values, List<long> times, int userCount, int itemCount) => new()
    {
        Name = "checkerboard",
        Users = new Vocabulary(Enumerable.Range(0, userCount).Select(user => $"u{user}")),
        Items = new Vocabulary(Enumerable.Range(0, itemCount).Select(item => $"i{item}")),
        Interactions = new Interactions([.. users], [.. items], values?.ToArray(), [.. times]),
    };

    /// <summary>A split whose catalog is one item that three users have.</summary>
    public static Split OneItem(IEnumerable<string> needs)
    {
        var train = new TrainingSet(WithFeatures(Dataset([0, 1, 2, 0], [0, 0, 0, 0], [5, 4, 3, 5], [1, 2, 3, 4], 3, 1), needs));
        return new Split { Description = "one item", Train = train, Test = HoldOut(train, [[0], [0], [0]], false) };
    }

    /// <summary>Known users with and without history, cold-start users, a user and an item never trained on, nobody at all.</summary>
    public static RequestBatch MixedRequests()
    {
        (int User, int[] History)[] requests = [(0, [0, 2, 4]), (1, []), (-1, [1, 3]), (50, []), (50, [2]), (-1, [50]), (-1, []), (7, [9, 11, 50]), (-1, [0, 2, 4, 6, 8])];
        return new RequestBatch(
            [.. requests.Select(request => request.User)],
            SparseRows.FromRows([.. requests.Select(request => (IReadOnlyList<int>)request.History)], Side + 1));
    }

    /// <summary>Scores of a batch.</summary>
    public static float[] Scores(IRecommender recommender, RequestBatch requests)
    {
        var scores = new float[requests.Count * recommender.Items.Count];
        recommender.Score(requests, scores);
        return scores;
    }

    // Features that tell nothing of who likes what: for systems that need some.
    private static Dataset WithFeatures(Dataset data, IEnumerable<string> needs) => data with
    {
        UserFeatures = needs.Contains("features of users or items") ? Tags(data.Users.Count, 7) : needs.Contains("a text of each user") ? Texts(data.Users.Count) : null,
        InteractionFeatures = needs.Any(need => need.StartsWith("reviews", StringComparison.Ordinal)) ? Reviews(data.Interactions) : null,
        ItemFeatures = needs.Any(need => need.StartsWith("features of", StringComparison.Ordinal)) ? Tags(data.Items.Count, 5) : needs.Contains("a text of each item") ? Texts(data.Items.Count) : null,
    };

    // What people write tells their parity and the item's, and whether these are the same.
    private static FeatureTable Reviews(Interactions rows) => new(rows.Count, [new TextColumn("review", [.. Enumerable.Range(0, rows.Count).Select(row =>
        $"by {(rows.Users[row] % 2 == 0 ? "even" : "odd")} writer of {(rows.Items[row] % 2 == 0 ? "red" : "blue")} thing which is {(Likes(rows.Users[row], rows.Items[row]) ? "good" : "bad")}")])]);

    // A text tells the parity of its user or item, by a word among others that tell nothing.
    private static FeatureTable Texts(int rows) => new(rows, [new TextColumn("text", [.. Enumerable.Range(0, rows).Select(row =>
        $"what w{row % 7} says {(row % 2 == 0 ? "even" : "odd")} of w{row % 5} and w{row}")])]);

    private static FeatureTable Tags(int rows, int kinds)
    {
        int[][] tags = [.. Enumerable.Range(0, rows).Select(row => (int[])[row % kinds, kinds + (row % 3)])];
        return new FeatureTable(rows, [new MultiCategoricalColumn("tags", new Vocabulary(Enumerable.Range(0, kinds + 3).Select(tag => $"t{tag}")), SparseRows.FromRows(tags, kinds + 3))]);
    }

    private static (int[] Training, int[] Others) Divide(int user)
    {
        int[] liked = [.. Enumerable.Range(0, Side).Where(item => Likes(user, item))];
        new SeededRandom(7, (ulong)user).Shuffle<int>(liked);
        return (liked[..20], liked[20..]);
    }

    private static int[] Disliked(int user)
    {
        int[] others = [.. Enumerable.Range(0, Side).Where(item => !Likes(user, item))];
        new SeededRandom(8, (ulong)user).Shuffle<int>(others);
        return others[..20];
    }

    private static HoldOut HoldOut(TrainingSet train, List<int[]> targets, bool withValues)
    {
        var rows = SparseRows.FromRows([.. targets], train.ItemCount);
        var users = Enumerable.Range(0, targets.Count).ToArray();
        return new HoldOut
        {
            Requests = new RequestBatch(users, train.ByUser.Gather(users)),
            Targets = withValues ? new SparseRows(rows.Offsets.ToArray(), rows.Columns.ToArray(), train.ItemCount, [.. rows.Columns.ToArray().Select(_ => 5f)]) : rows,
            Excluded = train.Seen.Gather(users),
        };
    }
}
