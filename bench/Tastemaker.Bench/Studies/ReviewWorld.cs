using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Bench.Studies;

/// <summary>
/// Ratings with reviews in which it is known what the words say. Items are good or bad in 8 aspects, users care for few of them: a rating is 3 + 2 w.q and noise. A review speaks of two or three aspects
/// that its user cares for, praises or blames each as the item deserves, and ends with two words that its stars choose, which is what a review read beside its own rating gives away.
/// </summary>
internal sealed class ReviewWorld
{
    public const int Aspects = 8;
    private const int Items = 800;
    private const int TopicWords = 30;
    private const int OpinionWords = 15;
    private const int OverallWords = 10;
    private const int FillerWords = 3000;
    private const double FewReviews = 0.6; // share of users with 3 to 5

    private readonly SeededRandom random;
    private readonly double[][] cares; // w, sums to 1 per user
    private readonly double[][] qualities; // q
    private readonly double[] fillers; // running sums of Zipf's law

    /// <summary>Makes users, items, and what users write.</summary>
    public ReviewWorld(ulong seed, int users)
    {
        random = new SeededRandom(seed);
        cares = [.. Enumerable.Range(0, users).Select(_ => Dirichlet(0.3))];
        qualities = [.. Enumerable.Range(0, Items).Select(_ => Enumerable.Range(0, Aspects).Select(_ => (random.NextDouble() < 0.5 ? -1 : 1) * (0.5 + (0.5 * random.NextDouble()))).ToArray())];
        fillers = new double[FillerWords];
        for (var word = 0; word < FillerWords; word++)
        {
            fillers[word] = (word == 0 ? 0 : fillers[word - 1]) + (1.0 / (word + 1));
        }

        Write(users);
    }

    /// <summary>The ratings, with the column "review".</summary>
    public Dataset Data { get; private set; } = null!;

    /// <summary>Per row of the data and aspect: 1 praised, -1 blamed, 0 not spoken of.</summary>
    public List<int[]> Opinions { get; } = [];

    /// <summary>The rating without its noise: no one can predict better.</summary>
    public double Expected(int user, int item) => Math.Clamp(Opinion(user, item), 1, 5);

    /// <summary>The data with the reviews dealt out anew among all rows, so that they say nothing of user and item.</summary>
    public Dataset Shuffled()
    {
        string?[] texts = [.. ((TextColumn)Data.InteractionFeatures!.Columns[0]).Values];
        random.Shuffle<string?>(texts);
        return Data with { InteractionFeatures = new FeatureTable(texts.Length, [new TextColumn("review", texts)]) };
    }

    private double Opinion(int user, int item) => 3 + (2 * cares[user].Zip(qualities[item], (w, q) => w * q).Sum());

    private void Write(int users)
    {
        List<int> writers = [], subjects = [];
        List<float> ratings = [];
        List<string?> texts = [];
        var all = Enumerable.Range(0, Items).ToArray();
        for (var user = 0; user < users; user++)
        {
            var count = random.NextDouble() < FewReviews ? 3 + random.Next(3) : 10 + random.Next(21);
            random.Shuffle<int>(all);
            foreach (var item in all[..count])
            {
                var stars = (int)Math.Round(Math.Clamp(Opinion(user, item) + (0.4 * random.NextGaussian()), 1, 5));
                writers.Add(user);
                subjects.Add(item);
                ratings.Add(stars);
                texts.Add(Review(user, item, stars));
            }
        }

        Data = new Dataset
        {
            Name = "planted-reviews",
            Users = new Vocabulary(Enumerable.Range(0, users).Select(user => $"u{user}")),
            Items = new Vocabulary(Enumerable.Range(0, Items).Select(item => $"i{item}")),
            Interactions = new Interactions([.. writers], [.. subjects], [.. ratings]),
            InteractionFeatures = new FeatureTable(texts.Count, [new TextColumn("review", [.. texts])]),
        };
    }

    private string Review(int user, int item, int stars)
    {
        var opinions = new int[Aspects];
        for (var count = 2 + random.Next(2); count > 0; count--)
        {
            var aspect = Choose(cares[user]);
            opinions[aspect] = opinions[aspect] != 0 ? opinions[aspect] : Math.Sign(qualities[item][aspect] + (0.1 * random.NextGaussian()));
        }

        Opinions.Add(opinions);
        int[] spoken = [.. Enumerable.Range(0, Aspects).Where(aspect => opinions[aspect] != 0)];
        var words = new string[30 + random.Next(31)];
        for (var place = 0; place < words.Length; place++)
        {
            var aspect = spoken[random.Next(spoken.Length)];
            words[place] = random.NextDouble() < 0.5 ? $"filler{Filler()}"
                : random.NextDouble() < 0.5 ? $"topic{aspect}x{random.Next(TopicWords)}"
                : $"{(opinions[aspect] > 0 ? "praise" : "blame")}{aspect}x{random.Next(OpinionWords)}";
        }

        return string.Join(' ', [.. words, $"stars{stars}x{random.Next(OverallWords)}", $"stars{stars}x{random.Next(OverallWords)}"]);
    }

    private int Filler()
    {
        var place = Array.BinarySearch(fillers, random.NextDouble() * fillers[^1]);
        return place < 0 ? ~place : place;
    }

    private int Choose(double[] shares)
    {
        var (left, place) = (random.NextDouble(), 0);
        while (place < shares.Length - 1 && (left -= shares[place]) > 0)
        {
            place++;
        }

        return place;
    }

    private double[] Dirichlet(double concentration)
    {
        double[] draws = [.. Enumerable.Range(0, Aspects).Select(_ => Gamma(concentration))];
        return [.. draws.Select(draw => draw / draws.Sum())];
    }

    // Marsaglia and Tsang (2000); a shape below 1 by that of one more.
    private double Gamma(double shape)
    {
        var boost = Math.Pow(1 - random.NextDouble(), 1 / shape);
        var d = shape + 1 - (1.0 / 3);
        while (true)
        {
            var x = random.NextGaussian();
            var v = Math.Pow(1 + (x / Math.Sqrt(9 * d)), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v * boost;
            }
        }
    }
}
