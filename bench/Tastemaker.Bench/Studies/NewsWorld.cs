using System.Globalization;
using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Bench.Studies;

/// <summary>A list of articles that somebody is shown.</summary>
/// <param name="History">What was browsed before, oldest first.</param>
/// <param name="Articles">The candidates by position.</param>
/// <param name="IsMatch">Whether the category of a candidate is one of the current interests.</param>
/// <param name="IsClicked">Whether a candidate was clicked.</param>
/// <param name="HasBurst">Whether one of the last six browses belongs to a burst.</param>
internal sealed record ShownList(int[] History, int[] Articles, bool[] IsMatch, bool[] IsClicked, bool HasBurst);

/// <summary>
/// Articles of 20 categories of 5 stories: a word is one of 60 of the category in three spellings (.40), one of 15 of the story (.15) or one of 300 that all share (.45), each by Zipf's law. Users have three interests, one of which is replaced before a browse
/// with probability .03, and 35 % of the browses are bursts of 4 to 8 articles of one category that interests nobody in particular. Of 20 candidates at positions 1 to 20 each is clicked with probability sigma(6 m - 4) .95^position, m = 1 for an interest.
/// </summary>
internal sealed class NewsWorld
{
    public const int Candidates = 20;
    private const int Categories = 20, StoriesPerCategory = 5, WordsPerCategory = 60, WordsPerStory = 15, SharedWords = 300, Spellings = 3;
    private const int Old = 6000, New = 2000; // articles of training, and later ones
    private const double BurstChance = 0.35 / 4.25; // of what is not within a burst; bursts of 6 are then 35 % of all browses
    private const int ListsPerUser = 5;

    private readonly SeededRandom random;
    private readonly int[][] articlesOf; // by category: the old ones, which are browsed
    private readonly double[] popularity;

    /// <summary>Makes articles and users.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="users">Users to learn from, with five lists each; half as many choose the epoch and twice as many are measured, with a list of new articles each.</param>
    public NewsWorld(ulong seed, int users)
    {
        random = new SeededRandom(seed, 32);
        Category = [.. Enumerable.Range(0, Old + New).Select(_ => random.Next(Categories))];
        Story = Array.ConvertAll(Category, category => (category * StoriesPerCategory) + random.Next(StoriesPerCategory));
        articlesOf = [.. Enumerable.Range(0, Categories).Select(category => Enumerable.Range(0, Old).Where(article => Category[article] == category).ToArray())];
        popularity = [.. Enumerable.Range(0, Categories).Select(_ => random.NextGaussian())];
        Texts = [.. Enumerable.Range(0, Old + New).Select(Text)];
        Lists = new ShownList[users][];
        var histories = new int[users][];
        for (var user = 0; user < users; user++)
        {
            (histories[user], Lists[user]) = Walk(ListsPerUser, ofNew: false);
        }

        Validation = [.. Enumerable.Range(0, users / 2).Select(_ => Walk(1, ofNew: true).Lists[0])];
        Test = [.. Enumerable.Range(0, 2 * users).Select(_ => Walk(1, ofNew: true).Lists[0])];
        Train = new TrainingSet(new Dataset
        {
            Name = "planted-news",
            Users = new Vocabulary(Enumerable.Range(0, users).Select(user => $"u{user}")),
            Items = new Vocabulary(Enumerable.Range(0, Old + New).Select(article => $"a{article}")),
            Interactions = new Interactions([.. histories.SelectMany((history, user) => history.Select(_ => user))], [.. histories.SelectMany(history => history)]),
            ItemFeatures = new FeatureTable(Old + New,
            [
                new TextColumn("text", Texts),
                new CategoricalColumn("category", new Vocabulary(Enumerable.Range(0, Categories).Select(category => $"c{category}")), Category),
            ]),
            IsOrdered = true,
        });
    }

    /// <summary>What users browsed.</summary>
    public TrainingSet Train { get; }

    /// <summary>The lists of each user to learn from, by popularity of the category and noise.</summary>
    public ShownList[][] Lists { get; }

    /// <summary>Lists of other users in random order, of articles that are new: to choose by.</summary>
    public ShownList[] Validation { get; }

    /// <summary>The same: to measure by.</summary>
    public ShownList[] Test { get; }

    /// <summary>The text of each article.</summary>
    public string[] Texts { get; }

    /// <summary>The category of each article.</summary>
    public int[] Category { get; }

    /// <summary>The story of each article, numbered over all categories.</summary>
    public int[] Story { get; }

    /// <summary>The articles that no user to learn from has met.</summary>
    public static IEnumerable<int> NewArticles => Enumerable.Range(Old, New);

    /// <summary>The articles that users browse.</summary>
    public static IEnumerable<int> OldArticles => Enumerable.Range(0, Old);

    private (int[] History, ShownList[] Lists) Walk(int lists, bool ofNew)
    {
        var length = 5 + random.Next(56);
        HashSet<int> places = [.. ofNew ? [length] : Enumerable.Range(0, lists).Select(_ => 5 + random.Next(length - 4))]; // browses before a list
        int[] all = [.. Enumerable.Range(0, Categories)];
        random.Shuffle<int>(all);
        var (interests, history, isBurst, made) = (all[..3], new List<int>(), new List<bool>(), new List<ShownList>());
        var (left, subject) = (0, 0);
        for (var place = 0; place < length; place++)
        {
            if (left == 0 && random.NextDouble() < BurstChance)
            {
                (left, subject) = (4 + random.Next(5), random.Next(Categories));
            }
            else if (left == 0 && random.NextDouble() < 0.03)
            {
                interests[random.Next(3)] = Enumerable.Range(0, Categories).Except(interests).ElementAt(random.Next(Categories - 3));
            }

            isBurst.Add(left > 0);
            var of = articlesOf[left > 0 ? subject : interests[random.Next(3)]];
            history.Add(of[random.Next(of.Length)]);
            left -= left > 0 ? 1 : 0;
            if (places.Contains(place + 1))
            {
                made.Add(List([.. history], interests, isBurst[^Math.Min(6, isBurst.Count)..].Contains(true), ofNew));
            }
        }

        return ([.. history], [.. made]);
    }

    private ShownList List(int[] history, int[] interests, bool hasBurst, bool ofNew)
    {
        int[] articles = [.. Enumerable.Range(0, Candidates).Select(_ => ofNew ? Old + random.Next(New) : random.Next(Old))];
        if (!ofNew)
        {
            articles = [.. articles.OrderByDescending(article => popularity[Category[article]] + (0.5 * random.NextGaussian()))];
        }

        var isMatch = Array.ConvertAll(articles, article => interests.Contains(Category[article]));
        bool[] isClicked = [.. isMatch.Select((match, place) => random.NextDouble() < Math.Pow(0.95, place + 1) / (1 + Math.Exp(match ? -2 : 4)))];
        return new ShownList(history, articles, isMatch, isClicked, hasBurst);
    }

    private string Text(int article) => string.Join(' ', Enumerable.Range(0, 25 + random.Next(36)).Select(_ => random.NextDouble() switch
    {
        < 0.4 => string.Create(CultureInfo.InvariantCulture, $"c{Category[article]}w{Zipf(WordsPerCategory)}s{random.Next(Spellings)}"),
        < 0.55 => string.Create(CultureInfo.InvariantCulture, $"t{Story[article]}w{Zipf(WordsPerStory)}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"w{Zipf(SharedWords)}"),
    }));

    // A number below count, the i-th with a chance in proportion to 1 / (i + 1).
    private int Zipf(int count)
    {
        var mark = random.NextDouble() * Enumerable.Range(1, count).Sum(rank => 1.0 / rank);
        var rank = 1;
        for (; rank < count && (mark -= 1.0 / rank) >= 0; rank++)
        {
        }

        return rank - 1;
    }
}
