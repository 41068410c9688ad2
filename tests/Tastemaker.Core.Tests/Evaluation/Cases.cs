using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Recommending;

namespace Tastemaker.Core.Tests.Evaluation;

/// <summary>Small data sets, among them the example of three users and six items that is worked by hand.</summary>
internal static class Cases
{
    /// <summary>
    /// User 0 ranks 2, 3, 1, 4, 5 (2 and 3 tie, 4 and 5 tie) and holds out 1 and 2; user 1 ranks 2, 4, 5, 3 and holds out 3; user 2 ranks
    /// 1, 2, 5, 4, 3 and holds out 1, 2, 3.
    /// </summary>
    public static float[][] Scores => [[9, 1, 3, 3, 0, 0], [0, 9, 5, 1, 4, 2], [0, 5, 4, 1, 2, 3]];

    public static EvaluationOptions AllMetrics { get; } = new()
    {
        Cutoffs = [1, 5, 10, 100],
        Metrics = [.. MetricCatalog.All.Where(metric => metric.Kind is not (MetricKind.Value or MetricKind.Pairs or MetricKind.Event)).Select(metric => metric.Name)],
        Threads = 2,
    };

    public static TrainingSet Train => Training(5, 6, (0, 0), (1, 0), (1, 1), (2, 0), (3, 2), (3, 4), (4, 2));

    public static HoldOut HoldOut => Hold(6, [[1, 2], [3], [1, 2, 3]], excluded: [[0], [0, 1], [0]]) with
    {
        Targets = new SparseRows([0, 2, 3, 6], [1, 2, 3, 1, 2, 3], 6, [3, 5, 2, 4, 1, 5]),
    };

    public static TrainingSet Training(int users, int items, params (int User, int Item)[] interactions) => new(new Dataset
    {
        Name = "case",
        Users = new Vocabulary(Enumerable.Range(0, users).Select(user => $"u{user}")),
        Items = new Vocabulary(Enumerable.Range(0, items).Select(item => $"i{item}")),
        Interactions = new Interactions([.. interactions.Select(pair => pair.User)], [.. interactions.Select(pair => pair.Item)]),
    });

    public static HoldOut Hold(int items, int[][] targets, int[][]? excluded = null, int[][]? candidates = null) => new()
    {
        Requests = new RequestBatch([.. Enumerable.Range(0, targets.Length)], SparseRows.FromRows(excluded ?? [.. targets.Select(_ => Array.Empty<int>())], items)),
        Targets = SparseRows.FromRows(targets, items),
        Excluded = excluded is null ? null : SparseRows.FromRows(excluded, items),
        Candidates = candidates is null ? null : SparseRows.FromRows(candidates, items),
    };

    public static EvaluationResult Measure(this Evaluator evaluator, IRecommender recommender, HoldOut holdOut) =>
        evaluator.Evaluate(recommender, holdOut, progress: null, TestContext.Current.CancellationToken);

    public static EvaluationOptions Options(int cutoff, params string[] metrics) => new() { Cutoffs = [cutoff], Metrics = metrics, Threads = 2 };

    /// <summary>A random world: every user has seen, and holds out, some of the items.</summary>
    public static (TrainingSet Train, HoldOut HoldOut, float[][] Scores) Random(ulong seed, int users, int items, int levels)
    {
        var random = new SeededRandom(seed);
        var seen = new List<(int, int)>();
        var targets = new List<int[]>();
        var excluded = new List<int[]>();
        var scores = new List<float[]>();
        for (var user = 0; user < users; user++)
        {
            var order = Enumerable.Range(0, items).ToArray();
            random.Shuffle<int>(order);
            int[] own = [.. order.Take(3).Order()];
            excluded.Add(own);
            seen.AddRange(own.Select(item => (user, item)));
            targets.Add([.. order.Skip(3).Take(1 + random.Next(6)).Order()]);
            scores.Add([.. Enumerable.Range(0, items).Select(_ => (float)random.Next(levels))]);
        }

        return (Training(users, items, [.. seen]), Hold(items, [.. targets], [.. excluded]), [.. scores]);
    }
}
