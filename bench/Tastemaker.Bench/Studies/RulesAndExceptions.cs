using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Splits;
using Tastemaker.Recommending;

namespace Tastemaker.Bench.Studies;

/// <summary>
/// Clicks that follow a rule with exceptions: the logit of user a and item b is 1.5 times the product of two taste vectors, and on one pair in a hundred
/// +4 or -4 more, at random. Every exception occurs in training at least 20 times, half of the other pairs not at all. Four fields have no part in it.
/// </summary>
internal sealed class RulesAndExceptions
{
    private const int Side = 1000;
    private const int Rank = 4;
    private const int Occurrences = 20;
    private const int TestRows = 50_000;

    private readonly SeededRandom random;
    private readonly float[] users;
    private readonly float[] items;
    private readonly int[] pairs = [.. Enumerable.Range(0, Side * Side)];

    /// <summary>Draws the rule and its exceptions.</summary>
    public RulesAndExceptions(ulong seed)
    {
        random = new SeededRandom(seed);
        users = Tastes();
        items = Tastes();
        random.Shuffle<int>(pairs);
        Exceptions = pairs[..(Side * Side / 100)];
        Seen = pairs[Exceptions.Length..((pairs.Length + Exceptions.Length) / 2)];
        var signs = Exceptions.ToDictionary(pair => pair, _ => random.Next(2) == 0 ? 4f : -4f);
        Logit = pair => (1.5f * Product(pair)) + signs.GetValueOrDefault(pair);
    }

    /// <summary>Pairs (user x 1000 + item) with an exception.</summary>
    public int[] Exceptions { get; }

    /// <summary>Ordinary pairs of the training rows.</summary>
    public int[] Seen { get; }

    /// <summary>The logit of a pair.</summary>
    public Func<int, float> Logit { get; }

    /// <summary>A million training rows and some like them for validation; the test rows are, half and half, on exceptions and on pairs never seen.</summary>
    public Split Split(int rows = 1_000_000)
    {
        var unseen = pairs[(Exceptions.Length + Seen.Length)..];
        var training = Enumerable.Repeat(Exceptions, Occurrences).SelectMany(pair => pair)
            .Concat(Enumerable.Range(0, rows - (Exceptions.Length * Occurrences)).Select(_ => Seen[random.Next(Seen.Length)])).ToArray();
        random.Shuffle<int>(training);
        var train = Data(training);
        return new Split
        {
            Description = "rules and exceptions",
            Train = new TrainingSet(train),
            Validation = HoldOut(Data([.. Draw(Exceptions, TestRows / 5), .. Draw(Seen, TestRows / 5)])),
            Test = HoldOut(Data([.. Draw(Exceptions, TestRows), .. Draw(unseen, TestRows)])),
        };
    }

    /// <summary>The test rows of one kind.</summary>
    public static Dataset Only(Dataset test, bool exceptions) =>
        test.Restrict([.. Enumerable.Range(0, TestRows).Select(row => exceptions ? row : row + TestRows)], exceptions ? "exceptions" : "unseen pairs", shrink: false);

    private static HoldOut HoldOut(Dataset rows) => new()
    {
        Requests = new RequestBatch([], SparseRows.FromRows([], Side)),
        Targets = SparseRows.FromRows([], Side),
        Impressions = rows,
    };

    private IEnumerable<int> Draw(int[] from, int count) => Enumerable.Range(0, count).Select(_ => from[random.Next(from.Length)]);

    private Dataset Data(int[] rows)
    {
        var labels = Array.ConvertAll(rows, pair => random.NextDouble() < 1 / (1 + Math.Exp(-Logit(pair))) ? 1f : 0f);
        var idle = Enumerable.Range(0, 4).Select(field => (FeatureColumn)new CategoricalColumn(
            $"idle{field}", new Vocabulary(Enumerable.Range(0, 20).Select(value => $"{value}")), [.. rows.Select(_ => random.Next(20))]));
        return new Dataset
        {
            Name = "rules-and-exceptions",
            Users = new Vocabulary(Enumerable.Range(0, Side).Select(index => $"{index}")),
            Items = new Vocabulary(Enumerable.Range(0, Side).Select(index => $"{index}")),
            Interactions = new Interactions(Array.ConvertAll(rows, pair => pair / Side), Array.ConvertAll(rows, pair => pair % Side), labels),
            InteractionFeatures = new FeatureTable(rows.Length, [.. idle]),
            IsLabelled = true,
        };
    }

    private float Product(int pair)
    {
        var product = 0f;
        for (var place = 0; place < Rank; place++)
        {
            product += users[(pair / Side * Rank) + place] * items[(pair % Side * Rank) + place];
        }

        return product;
    }

    // Normal with variance 1/2, so that a product of two vectors of 4 has variance 1.
    private float[] Tastes()
    {
        var tastes = new float[Side * Rank];
        for (var place = 0; place < tastes.Length; place++)
        {
            tastes[place] = (float)(Math.Sqrt(-Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return tastes;
    }
}
