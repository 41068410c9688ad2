using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Tests.Models.Autoencoders;

/// <summary>
/// Articles of topics, each topic with two word lists that share no word, each article written with one of them; readers of two topics. Some articles nobody
/// has read in training. Cosines of words know the list that a reader has met; only what readers have in common connects the two.
/// </summary>
internal sealed class Articles
{
    private readonly int[] topicOf;
    private readonly int[][] tastes;
    private readonly bool[] isCold;

    private Articles(int users, int items, int topics, int wordsOfList, ulong seed)
    {
        var random = new SeededRandom(seed);
        topicOf = [.. Enumerable.Range(0, items).Select(item => item % topics)];
        isCold = [.. Enumerable.Range(0, items).Select(item => item / topics % 5 == 4)]; // a fifth of each topic
        tastes = [.. Enumerable.Range(0, users).Select(user => (int[])[user % topics, (user + 1 + random.Next(topics - 1)) % topics])];
        Words = Content(topics, wordsOfList, random);
        Train = new TrainingSet(new Dataset
        {
            Name = "articles",
            Users = new Vocabulary(Enumerable.Range(0, users).Select(user => $"u{user}")),
            Items = new Vocabulary(Enumerable.Range(0, items).Select(item => $"i{item}")),
            Interactions = Clicks(random),
            ItemFeatures = new FeatureTable(items, [new MultiCategoricalColumn("words", new Vocabulary(Enumerable.Range(0, Words.ColumnCount).Select(word => $"w{word}")), Words)]),
        });
    }

    public TrainingSet Train { get; }

    public SparseRows Words { get; }

    public static Articles Make(int users, int items, int topics, int wordsOfList, ulong seed = 1) => new(users, items, topics, wordsOfList, seed);

    /// <summary>Mean over users of the share of cold articles of their topics among the 20 cold articles that score highest.</summary>
    public double ColdRecall(float[][] scores)
    {
        int[] cold = [.. Enumerable.Range(0, topicOf.Length).Where(item => isCold[item])];
        return tastes.Select((taste, user) =>
        {
            var wanted = cold.Count(item => taste.Contains(topicOf[item]));
            var found = cold.OrderByDescending(item => scores[user][item]).ThenBy(item => item * 7919 % 1009).Take(20).Count(item => taste.Contains(topicOf[item]));
            return found / (double)Math.Min(20, wanted);
        }).Average();
    }

    /// <summary>Cosines between an article's words and the sum of those of what a user has read.</summary>
    public float[][] Cosines() =>
    [
        .. Enumerable.Range(0, Train.UserCount).Select(user =>
        {
            var profile = new float[Words.ColumnCount];
            foreach (var item in Train.Seen[user])
            {
                Each(item, (word, value) => profile[word] += value / Length(item));
            }

            return Enumerable.Range(0, Train.ItemCount).Select(item =>
            {
                var product = 0f;
                Each(item, (word, value) => product += value * profile[word]);
                return product / Length(item);
            }).ToArray();
        }),
    ];

    public float[][] Popularity()
    {
        var counts = new float[Train.ItemCount];
        foreach (var item in Train.Seen.Columns)
        {
            counts[item]++;
        }

        return [.. Enumerable.Repeat(counts, Train.UserCount)];
    }

    private float Length(int item) => MathF.Sqrt(Words.RowValues(item).ToArray().Sum(value => value * value));

    private void Each(int item, Action<int, float> see)
    {
        for (var entry = 0; entry < Words.Length(item); entry++)
        {
            see(Words[item][entry], Words.RowValues(item)[entry]);
        }
    }

    // 20 words an article, four in five of its topic's list.
    private SparseRows Content(int topics, int wordsOfList, SeededRandom random)
    {
        var (offsets, columns, values) = (new List<int> { 0 }, new List<int>(), new List<float>());
        for (var item = 0; item < topicOf.Length; item++)
        {
            var list = ((2 * topicOf[item]) + random.Next(2)) * wordsOfList;
            var counts = new SortedDictionary<int, int>();
            for (var word = 0; word < 20; word++)
            {
                var drawn = random.NextDouble() < 0.8 ? list + random.Next(wordsOfList) : random.Next(2 * topics * wordsOfList);
                counts[drawn] = counts.GetValueOrDefault(drawn) + 1;
            }

            columns.AddRange(counts.Keys);
            values.AddRange(counts.Values.Select(count => (float)count));
            offsets.Add(columns.Count);
        }

        return new SparseRows([.. offsets], [.. columns], 2 * topics * wordsOfList, [.. values]);
    }

    // One to three readers an article that is not cold, by taste.
    private Interactions Clicks(SeededRandom random)
    {
        var pairs = new SortedSet<(int User, int Item)>();
        for (var item = 0; item < topicOf.Length; item++)
        {
            int[] fans = [.. Enumerable.Range(0, tastes.Length).Where(user => tastes[user].Contains(topicOf[item]))];
            for (var click = 0; !isCold[item] && click <= item % 3; click++)
            {
                pairs.Add((fans[random.Next(fans.Length)], item));
            }
        }

        return new Interactions([.. pairs.Select(pair => pair.User)], [.. pairs.Select(pair => pair.Item)]);
    }
}
