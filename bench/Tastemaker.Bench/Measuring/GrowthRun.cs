using System.Diagnostics;
using Tastemaker.Bench.Generation;
using Tastemaker.Catalog;
using Tastemaker.Data;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;

namespace Tastemaker.Bench.Measuring;

/// <summary>The parts whose growth is looked at, each measured once on a generated data set of one shape.</summary>
/// <param name="threads">Threads of everything.</param>
/// <param name="progress">Receives lines of progress.</param>
internal sealed class GrowthRun(int threads, TextWriter progress)
{
    private const int Repeats = 3;
    private const double EnoughSeconds = 1;

    // What is trained: id, the part's name, epochs (the first of several does not count), requests to rank (0 for all).
    private static readonly (string Id, string Part, ModelOptions Options, int Epochs, int Requests)[] Systems =
    [
        ("item-knn", "ItemKNN", new ItemKnnOptions(), 1, 1),
        ("ease", "EASE", new EaseOptions(), 1, 1),
        ("ials", "iALS sweep (64)", new IalsOptions { Dimension = 64, Epochs = 3 }, 3, 0),
        ("bpr-mf", "BPR-MF epoch (64)", new BprMfOptions(), 2, 1),
        ("multi-vae", "Multi-VAE epoch", SystemCatalog.Find("multi-vae").DefaultOptions, 1, 1),
    ];

    /// <summary>The parts, in the order they are done.</summary>
    public IReadOnlyList<PartCost> Measure(SyntheticShape shape)
    {
        progress.WriteLine($"{shape.Interactions} interactions, {shape.Users} users, {shape.Items} items");
        var file = Path.Combine(Path.GetTempPath(), $"tastemaker-growth-{Guid.NewGuid():N}.csv");
        try
        {
            InteractionFile.Write(SyntheticInteractions.Generate(shape), file);
            var (data, import) = Timed("import", () => DatasetImport.Import(DataOptions.From(file) with { Threads = threads }));
            var (split, splitting) = Timed("split", () => Split(data));
            return [import, splitting, .. Systems.SelectMany(system => Train(system.Id, system.Part, system.Options, split, system.Epochs, system.Requests))];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Split Split(Dataset data) => SplitterSyntax.Parse("ratio-by-user(test=0.2,validation=0)").Apply(data, 42);

    private IEnumerable<PartCost> Train(string id, string part, ModelOptions options, Split split, int epochs, int requests)
    {
        var settings = new BenchSettings(epochs, double.MaxValue, requests, 42, threads);
        var measured = new SystemRun(SystemCatalog.Find(id), options, split, settings, progress).Measure();
        yield return new PartCost(part, measured.SecondsPerEpoch, measured.PeakBytes);
        if (requests == 0)
        {
            yield return new PartCost("full ranking (64)", measured.ScoreSeconds + measured.RankSeconds, measured.PeakBytes);
        }
    }

    // The median of a few calls, or one call where that takes its time.
    private (T Result, PartCost Cost) Timed<T>(string part, Func<T> work)
    {
        PeakMemory.Reset();
        var times = new List<double>();
        T result;
        do
        {
            var clock = Stopwatch.StartNew();
            result = work();
            times.Add(clock.Elapsed.TotalSeconds);
        }
        while (times.Count < Repeats && times.Sum() < EnoughSeconds);
        times.Sort();
        progress.WriteLine($"{part}: {times[times.Count / 2]:0.00} s");
        return (result, new PartCost(part, times[times.Count / 2], PeakMemory.Bytes()));
    }
}
