using Tastemaker.Bench.Reports;
using Tastemaker.Evaluation;
using Tastemaker.Recommending;

namespace Tastemaker.Bench.Measuring;

/// <summary>Users a second of full ranking through the doors that users of the library use, beside what bounds them.</summary>
/// <param name="systems">Who ranks.</param>
/// <param name="world">For whom.</param>
/// <param name="batches">Requests of a call of the recommending door.</param>
/// <param name="threads">Threads of evaluation; libtorch has been given as many.</param>
/// <param name="seconds">About how long to measure each figure.</param>
/// <param name="progress">Receives lines of progress.</param>
internal sealed class RankingTable(IReadOnlyList<RankedSystem> systems, RankingWorld world, IReadOnlyList<int> batches, int threads, double seconds, TextWriter progress)
{
    private const int Length = 20;

    // Weights that a cache may hold are not read from memory, and no bound.
    private const double CachedBytes = 64 << 20;

    private readonly List<string[]> rows = [];
    private readonly List<string> findings = [];

    /// <summary>Measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var limits = MachineLimits.Measure();
        foreach (var system in systems)
        {
            progress.WriteLine(system.System.Id);
            using var recommender = system.Make(world.Train);
            var works = Works(recommender);
            var times = Rounds.Medians(seconds, [.. works.Select(work => work.Run)]);
            for (var work = 0; work < works.Count; work++)
            {
                Add(system, limits, works[work], works[work].Users / times[work]);
            }
        }

        var items = world.Train.ItemCount;
        return new PerformanceTable
        {
            Title = $"Full ranking, {Figure.Count(items)} items",
            Text = $"""
                Every item of the catalog is scored, seen items are masked, and the best {Length} are kept. "evaluate" ranks {Figure.Count(world.HoldOut.Count)} users
                with 130 seen and 33 held-out items each through `Evaluator.Evaluate` with the default ranking metrics at {Length}; "recommend" answers
                a request through `IRecommender.Recommend`, or a batch through `RecommendAll`. Weights are those training begins with. The bound is the
                larger of two times: that of the multiplications at libtorch's rate for large matrices ({Figure.Significant(limits.MultiplyRate / 1e9)} GFLOP/s on {threads}
                threads), and, where no cache holds the items' weights,
                that of reading them once a call at the speed of memory ({Figure.Significant(limits.ReadRate / 1e9)} GB/s).
                """,
            Columns = ["system", "door", "users a call", "users/s", "GFLOP/s", "GB/s", "bound, users/s", "bound by", "share of bound"],
            Rows = rows,
            Findings = findings,
            Command = command,
            Machine = machine,
        };
    }

    private List<(string Door, int Users, Action Run)> Works(IRecommender recommender)
    {
        var evaluator = new Evaluator(world.Train, new EvaluationOptions { Cutoffs = [Length], Threads = threads });
        var works = new List<(string, int, Action)> { ("evaluate", world.HoldOut.Count, () => evaluator.Evaluate(recommender, world.HoldOut)) };
        foreach (var batch in batches)
        {
            Request[] requests = [.. Enumerable.Range(0, batch).Select(request => Request.ForUser(world.Train.Data.Users[request % world.HoldOut.Count]))];
            works.Add(("recommend", batch, batch == 1 ? () => recommender.Recommend(requests[0], Length) : () => recommender.RecommendAll(requests, Length)));
        }

        return works;
    }

    private void Add(RankedSystem system, MachineLimits limits, (string Door, int Users, Action Run) work, double speed)
    {
        var items = (double)world.Train.ItemCount;
        var byMultiplying = limits.MultiplyRate / (system.Operations * items);
        var bytes = sizeof(float) * system.Numbers * items;
        var byReading = bytes > CachedBytes ? limits.ReadRate * work.Users / bytes : double.PositiveInfinity;
        var bound = Math.Min(byMultiplying, byReading);
        var name = byMultiplying <= byReading ? "multiplying" : "reading weights";
        rows.Add(
        [
            system.System.Name, work.Door, Figure.Count(work.Users), Figure.Significant(speed),
            Figure.Significant(speed * system.Operations * items / 1e9), Figure.Significant(speed * bytes / work.Users / 1e9),
            double.IsFinite(bound) ? Figure.Significant(bound) : "-", double.IsFinite(bound) ? name : "-",
            double.IsFinite(bound) ? Figure.Percent(speed / bound) : "-",
        ]);
        if (work.Door == "evaluate" && double.IsFinite(bound))
        {
            findings.Add(
                $"{system.System.Name} ranks and measures {Figure.Significant(speed)} users a second, {Figure.Percent(speed / bound)} of what {name} alone would allow: "
                + $"{Figure.Time(threads / speed)} of a core a user, of which the products take at least {Figure.Time(threads / byMultiplying)}.");
        }
    }
}
