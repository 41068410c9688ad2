using System.Globalization;
using Tastemaker.Bench.Reports;
using Tastemaker.Models.Baselines;
using Tastemaker.Models.Hybrid;

namespace Tastemaker.Bench.Studies;

/// <summary>Whether QuoteRec reads both what a dialogue began with and how its last turn is worded, and what each part of it is needed for.</summary>
/// <param name="seeds">Worlds and trainings.</param>
/// <param name="dialogues">Dialogues to learn from.</param>
/// <param name="log">Progress.</param>
internal sealed class QuoteStudy(int seeds, int dialogues, TextWriter log)
{
    private const string Oracle = "topic and act as planted";
    private const string Whole = "QuoteRec";
    private const string TurnsShuffled = "QuoteRec, test turns in random order";
    private const string WordsShuffled = "QuoteRec, words of test turns in random order";

    private static readonly QuoteRecOptions Options = new() { Epochs = 30, WordDimension = 50, FilterCount = 50, TurnDimension = 100, Units = 100, Dropout = 0.3 };

    private static readonly (string Name, DialogueReading Reading)[] Parts =
    [
        ("convolutions over all turns as one text", DialogueReading.Thread),
        ("convolutions over the last turn", DialogueReading.LastTurn),
        ("LSTM over turns without the order of words", DialogueReading.Bags),
        ("LSTM over the words of all turns", DialogueReading.Words),
    ];

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var figures = new StudyFigures(log);
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var world = new DialogueWorld().Make(seed, dialogues);
            figures.Add(seed, Oracle, world.Test.Count(dialogue => DialogueWorld.Planted(dialogue) == dialogue.Tag) / (double)world.Test.Length);
            figures.Add(seed, "most similar dialogue by TF-IDF", new NearestPost(world.Train).Accuracy(world.Test));
            figures.Add(seed, "naive Bayes", PostTraining.Accuracy(seed, world, NaiveBayes.Info, new NaiveBayesOptions { TextWords = 1000 }));
            Post[][] tests = [world.Test, DialogueWorld.ShuffleTurns(world.Test, seed), DialogueWorld.ShuffleWords(world.Test, seed)];
            var found = PostTraining.Best(seed, world, QuoteRec.Info, Options, model => Array.ConvertAll(tests, test => PostWorld.Accuracy(model, test)));
            figures.Add(seed, Whole, found[0]);
            figures.Add(seed, TurnsShuffled, found[1]);
            figures.Add(seed, WordsShuffled, found[2]);
            foreach (var (name, reading) in Parts)
            {
                figures.Add(seed, name, PostTraining.Accuracy(seed, world, QuoteRec.Info, Options with { Reading = reading }));
            }

            figures.Add(seed, "QuoteRec where nothing is planted", PostTraining.Accuracy(seed, new DialogueWorld(TopicEffect: 0, ActEffect: 0).Make(seed, dialogues), QuoteRec.Info, Options with { Epochs = 5 }));
        }

        return new PerformanceTable
        {
            Title = "QuoteRec: the first turn and the last",
            Text = string.Create(CultureInfo.InvariantCulture, $"{dialogues:N0} generated dialogues of three to six turns and 200 quotes. The topic of the first turn and the act of the last tell the quote, but for a tenth that are quoted at random; other turns are of other topics and express other acts. An act is three words in one order, which stand for other acts in other orders. The share of test dialogues whose first quote is right. All networks have the same sizes, and the epoch of thirty that is best on validation dialogues; nothing else was tuned. Mean of {seeds} seeds (least to largest)."),
            Columns = ["system", "right quotes"],
            Rows = figures.Rows(),
            Findings =
            [
                string.Create(CultureInfo.InvariantCulture, $"QuoteRec finds {figures.Mean(Whole) / figures.Mean(Oracle):P0} of what can be found; the best of its parts alone {Parts.Max(part => figures.Mean(part.Name)) / figures.Mean(Oracle):P0}."),
                string.Create(CultureInfo.InvariantCulture, $"Another order of the turns costs {100 * (figures.Mean(Whole) - figures.Mean(TurnsShuffled)):F0} points, another order of the words within turns {100 * (figures.Mean(Whole) - figures.Mean(WordsShuffled)):F0}."),
            ],
            Command = command,
            Machine = machine,
        };
    }
}

/// <summary>Answers with the tag of the training post that is most similar: the cosine of words weighted by TF-IDF.</summary>
internal sealed class NearestPost
{
    private readonly Dictionary<int, double> weights = [];
    private readonly Dictionary<int, List<(int Post, double Value)>> holders = [];
    private readonly Post[] posts;

    /// <summary>Reads the training posts.</summary>
    public NearestPost(Post[] posts)
    {
        this.posts = posts;
        foreach (var word in posts.SelectMany(post => post.Words.Distinct()).CountBy(word => word))
        {
            weights[word.Key] = Math.Log((double)posts.Length / word.Value);
        }

        foreach (var (place, post) in posts.Index())
        {
            foreach (var (word, value) in Vector(post))
            {
                holders.TryAdd(word, []);
                holders[word].Add((place, value));
            }
        }
    }

    /// <summary>How often the answer is right.</summary>
    public double Accuracy(Post[] asked) => asked.Count(post => posts[Nearest(post)].Tag == post.Tag) / (double)asked.Length;

    private int Nearest(Post post)
    {
        var products = new double[posts.Length];
        foreach (var (word, value) in Vector(post))
        {
            foreach (var (holder, other) in holders.GetValueOrDefault(word, []))
            {
                products[holder] += value * other;
            }
        }

        return Array.IndexOf(products, products.Max());
    }

    private (int Word, double Value)[] Vector(Post post)
    {
        (int Word, double Value)[] counts = [.. post.Words.CountBy(word => word).Select(word => (word.Key, word.Value * weights.GetValueOrDefault(word.Key)))];
        var length = Math.Sqrt(counts.Sum(word => word.Value * word.Value));
        return [.. counts.Where(word => word.Value > 0).Select(word => (word.Word, word.Value / length))];
    }
}
