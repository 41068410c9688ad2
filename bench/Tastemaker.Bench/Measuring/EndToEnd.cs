using System.Diagnostics;
using Tastemaker.Bench.Reports;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;

namespace Tastemaker.Bench.Measuring;

/// <summary>Import, split, and for each system training and full ranking, each timed.</summary>
/// <param name="data">The file and how to read it.</param>
/// <param name="splitter">How to divide it.</param>
/// <param name="systems">Ids of the systems.</param>
/// <param name="settings">How long to train and how many requests to rank.</param>
/// <param name="progress">Receives lines of progress.</param>
internal sealed class EndToEnd(DataOptions data, Splitter splitter, IReadOnlyList<string> systems, BenchSettings settings, TextWriter progress)
{
    /// <summary>Runs all of it.</summary>
    /// <param name="command">The command line, for the report.</param>
    /// <param name="generateSeconds">Seconds it took to make the file, if this run did.</param>
    /// <exception cref="InputException">The data cannot be read or split, or a system cannot learn from it.</exception>
    public BenchReport Run(string command, double? generateSeconds = null)
    {
        var machine = MachineFacts.Gather();
        PeakMemory.Reset();
        var (dataset, importSeconds) = Timed("import", () => DatasetImport.Import(data));
        var importPeak = PeakMemory.Bytes();
        progress.WriteLine($"  {dataset.Interactions.Count} interactions, {dataset.Users.Count} users, {dataset.Items.Count} items");
        var (split, splitSeconds) = Timed($"split {splitter}", () => splitter.Apply(dataset, settings.Seed));
        var peak = PeakMemory.Bytes();
        List<SystemMeasurement> measured = [];
        foreach (var system in systems)
        {
            measured.Add(new SystemRun(system, split, settings, progress).Measure());
            peak = Math.Max(peak, measured[^1].PeakBytes);
        }

        return new BenchReport
        {
            Data = dataset.Name,
            Command = command,
            Machine = machine,
            Users = dataset.Users.Count,
            Items = dataset.Items.Count,
            Interactions = dataset.Interactions.Count,
            FileBytes = data.Paths.Where(File.Exists).Sum(path => new FileInfo(path).Length),
            ImportSeconds = importSeconds,
            ImportPeakBytes = importPeak,
            GenerateSeconds = generateSeconds,
            Split = split.Description,
            SplitSeconds = splitSeconds,
            Systems = measured,
            PeakBytes = peak,
        };
    }

    private (T Result, double Seconds) Timed<T>(string step, Func<T> work)
    {
        progress.WriteLine(step);
        var clock = Stopwatch.StartNew();
        var result = work();
        progress.WriteLine($"  {clock.Elapsed.TotalSeconds:0.00} s");
        return (result, clock.Elapsed.TotalSeconds);
    }
}
