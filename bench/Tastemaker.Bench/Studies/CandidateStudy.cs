using System.Globalization;
using Tastemaker.Bench.Reports;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Models.Baselines;
using Tastemaker.Models.Mlp;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Retrieval;

namespace Tastemaker.Bench.Studies;

/// <summary>What example age and labels from the future do to candidate generation: recall of the next watch, of fresh items, and of next episodes.</summary>
/// <param name="seeds">Number of worlds and trainings.</param>
/// <param name="users">Users of a world.</param>
/// <param name="log">Progress.</param>
internal sealed class CandidateStudy(int seeds, int users, TextWriter log)
{
    private const int EaseDays = 80; // the last 15 days before the test

    /// <summary>Settings that suit worlds of this size.</summary>
    public static YouTubeDnnOptions Options { get; } = new()
    {
        Fields = ["history(last=50)"], EmbeddingDimension = 64, Layers = [128, 64], ActivatesLast = false, ExamplesPerUser = 16, Samples = 1000, Epochs = 10, LearningRate = 0.003,
    };

    private static readonly (string Name, string System, ModelOptions? Options, bool IsRecent)[] Systems =
    [
        ("popularity", "popularity", null, false),
        ("popularity, last 15 days", "popularity", null, true),
        ("EASE", "ease", new EaseOptions(), false),
        ("EASE, last 15 days", "ease", new EaseOptions(), true),
        ("YouTube DNN", "youtube-dnn", Options, false),
        ("YouTube DNN without example age", "youtube-dnn", Options with { ExampleAge = false }, false),
        ("YouTube DNN, held-out labels", "youtube-dnn", Options with { Labels = YouTubeLabels.HeldOut }, false),
    ];

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var figures = Systems.ToDictionary(system => system.Name, _ => new List<double[]>());
        var kept = new List<double>();
        for (var seed = 1; seed <= seeds; seed++)
        {
            var world = new WatchWorld((ulong)seed, users);
            var (whole, recent) = (world.NextWatches(), world.NextWatches(EaseDays));
            foreach (var (name, system, options, isRecent) in Systems)
            {
                using var recommender = Recommender.Train(system, isRecent ? recent : whole, options, new TrainingOptions { Seed = (ulong)seed, Patience = 0 });
                figures[name].Add(Recalls(recommender, whole, world));
                log.WriteLine($"seed {seed}, {name}: {string.Join(", ", figures[name][^1].Select(Text))}");
                if (options == Options)
                {
                    kept.Add(Kept(recommender, whole.Test));
                }
            }
        }

        double Mean(string name, int column) => figures[name].Average(row => row[column]);
        return new PerformanceTable
        {
            Title = "YouTube DNN: candidates",
            Text = $"{users:N0} generated users watch 60 of 5,000 items over 100 days; items fade by exp(-age / 5 days), and three times in ten the next episode follows. Recall@100 of each watch of the last 5 days given all watches before it; fresh items were uploaded in the last 5 days of training; next episodes follow the watch before, and are given at 10 too. Mean of {seeds} seeds (least to largest).",
            Columns = ["system", "all watches", "fresh items", "next episodes @10", "next episodes @100"],
            Rows = [.. Systems.Select(system => (IReadOnlyList<string>)[system.Name, .. Enumerable.Range(0, 4).Select(column => Range(figures[system.Name].Select(row => row[column])))])],
            Findings =
            [
                $"Example age multiplies the recall of fresh items by {(Mean("YouTube DNN", 1) / Mean("YouTube DNN without example age", 1)).ToString("0.00", CultureInfo.InvariantCulture)}.",
                $"Labels from a user's past alone find {Text(Mean("YouTube DNN", 2))} of the next episodes among 10 items, labels held out at random {Text(Mean("YouTube DNN, held-out labels", 2))}.",
                $"An index of inner products that returns 200 candidates holds {Text(kept.Average())} of the 50 best of exact search.",
            ],
            Command = command,
            Machine = machine,
        };
    }

    /// <summary>A number for people.</summary>
    public static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>Mean, least and largest.</summary>
    public static string Range(IEnumerable<double> values)
    {
        var all = values.ToList();
        return $"{Text(all.Average())} ({Text(all.Min())} to {Text(all.Max())})";
    }

    private static double[] Recalls(IRecommender recommender, Split split, WatchWorld world)
    {
        var result = new Evaluator(split.Train, new EvaluationOptions { Metrics = ["recall"], Cutoffs = [10, 100] }).Evaluate(recommender, split.Test);
        int[] all = [.. Enumerable.Range(0, split.Test.Count)];
        double Recall(int cutoff, Predicate<int> isMeant) => all.Where(request => isMeant(request)).Average(request => result.PerRequest[$"recall@{cutoff}"][request]);
        bool IsFresh(int request) => world.IsFresh(split.Test.Targets[request][0]);
        bool IsNext(int request) => world.IsNextEpisode(split.Test.Targets[request][0], split.Test.Requests.History(request)[^1]);
        return [Recall(100, _ => true), Recall(100, IsFresh), Recall(10, IsNext), Recall(100, IsNext)];
    }

    private static double Kept(IRecommender recommender, HoldOut test)
    {
        var (exact, index) = (ExactIndex.Of(recommender), InvertedIndex.Of(recommender, new IndexOptions { AimedRecall = 0.99, Depth = 200 }));
        var kept = new List<double>();
        for (var request = 0; request < Math.Min(test.Count, 500); request++)
        {
            string[] history = [.. test.Requests.History(request).ToArray().Select(item => recommender.Items[item])];
            var query = recommender.As<IVectorRecommender>()!.QueryOf(Request.ForHistory(history))!.Vector.Span;
            var (best, found, scores) = (new int[50], new int[200], new float[200]);
            exact.Search(query, best, scores.AsSpan(0, 50));
            index.Search(query, found, scores);
            kept.Add(best.Intersect(found).Count() / 50.0);
        }

        return kept.Average();
    }
}
