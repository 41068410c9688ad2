using System.Diagnostics;
using Tastemaker.Bench.Reports;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Systems;

namespace Tastemaker.Bench.Measuring;

/// <summary>Import, split, and for each system training and full ranking, each timed.</summary>
/// <param name="data">The file and how to read it.</param>
/// <param name="splitter">How to divide it.</param>
/// <param name="systems">The systems with their options.</param>
/// <param name="settings">How long to train and how many requests to rank.</param>
/// <param name="progress">Receives lines of progress.</param>
internal sealed class EndToEnd(DataOptions data, Splitter splitter, IReadOnlyList<(SystemInfo System, ModelOptions Options)> systems, BenchSettings settings, TextWriter progress)
{
    /// <summary>Runs all of it.</summary>
    /// <param name="command">The command line, for the report.</param>
    /// <param name="generateSeconds">Seconds it took to make the file, if this run did.</param>
    /// <param name="save">Receives what is measured so far after each system, so that a run that is stopped is not lost.</param>
    /// <exception cref="InputException">The data cannot be read or split, or a system cannot learn from it.</exception>
    public BenchReport Run(string command, double? generateSeconds, Action<BenchReport> save)
    {
        var machine = MachineFacts.Gather(settings.Threads);
        PeakMemory.Reset();
        var (dataset, importSeconds) = Timed("import", () => DatasetImport.Import(data));
        var importPeak = PeakMemory.Bytes();
        progress.WriteLine($"  {dataset.Interactions.Count} interactions, {dataset.Users.Count} users, {dataset.Items.Count} items");
        var (split, splitSeconds) = Timed($"split {splitter}", () => splitter.Apply(dataset, settings.Seed));
        var report = new BenchReport
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
            Systems = [],
            PeakBytes = PeakMemory.Bytes(),
        };
        foreach (var (system, options) in systems)
        {
            var measured = new SystemRun(system, options, split, settings, progress).Measure();
            report = report with { Systems = [.. report.Systems, measured], PeakBytes = Math.Max(report.PeakBytes, measured.PeakBytes) };
            save(report);
        }

        return report;
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
