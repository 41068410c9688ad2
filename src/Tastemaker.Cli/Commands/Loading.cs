using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Data.Filters;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;
using Tastemaker.Runs;
using Tastemaker.Training;

namespace Tastemaker.Cli.Commands;

/// <summary>Import, filters, split and training as several commands do them: with their words on standard error.</summary>
internal static class Loading
{
    /// <summary>Imports the data of a configuration and applies its filters.</summary>
    public static Dataset Data(DataOptions options, Terminal terminal, CancellationToken cancellation)
    {
        options = PublicData.Locate(options);
        var filters = options.Filters.Select(FilterSyntax.Parse).ToList();
        var (data, report) = DatasetImport.ImportWithReport(options, new ImportDisplay(terminal), cancellation);
        terminal.Note($"{data.Name}: {data.Interactions.Count:N0} interactions, {data.Users.Count:N0} users, {data.Items.Count:N0} items ({report.Layout}, {report.Seconds:0.0} s)");
        foreach (var warning in report.Warnings)
        {
            terminal.Note($"Note: {warning}");
        }

        foreach (var filter in filters)
        {
            data = filter.Apply(data);
            terminal.Note($"{filter}: {data.Interactions.Count:N0} interactions, {data.Users.Count:N0} users, {data.Items.Count:N0} items remain");
        }

        return data;
    }

    /// <summary>Imports, filters and splits.</summary>
    public static Split Split(RunConfiguration configuration, Terminal terminal, CancellationToken cancellation)
    {
        // A file of settings may ask for threads too; then they hold for what comes before training as well.
        using var threads = Threads.Lend(configuration.Training.Threads);
        var data = configuration.Data with { Threads = Math.Min(configuration.Data.Threads, Parallelism.Threads) };
        var splitter = SplitterSyntax.Parse(configuration.Data.Split ?? Defaults.Split) with { IncludeSeen = configuration.Data.IncludeSeen };
        return Split(Data(data, terminal, cancellation), splitter, configuration.SplitSeed, terminal);
    }

    /// <summary>Splits.</summary>
    public static Split Split(Dataset data, Splitter splitter, ulong seed, Terminal terminal)
    {
        var split = splitter.Apply(data, seed);
        terminal.Note(split.Test.Impressions is { } rows
            ? $"{split.Description}: {split.Train.Interactions.Count:N0} labelled rows for training, {split.Validation?.Impressions?.Interactions.Count ?? 0:N0} to validate, {rows.Interactions.Count:N0} to test"
            : $"{split.Description}: {split.Train.Interactions.Count:N0} for training, {split.Validation?.Count ?? 0:N0} requests to validate, {split.Test.Count:N0} to test");
        foreach (var note in split.Notes)
        {
            terminal.Note($"Note: {note}");
        }

        return split;
    }

    /// <summary>Trains and measures one configuration under a display.</summary>
    public static ExperimentResult Run(RunConfiguration configuration, Split split, string? folder, Terminal terminal, CancellationToken cancellation) =>
        new TrainingDisplay(terminal.Progress, configuration.System.Id).Show(
            observer => Experiment.Run(configuration, split, folder, [observer], progress: null, cancellation));

    /// <summary>Fits a run once more on all data under a display; returns whether it has a final fit.</summary>
    public static bool FinalFit(ExperimentResult result, Split split, Terminal terminal, CancellationToken cancellation) => result.Folder is { } folder
        && new TrainingDisplay(terminal.Progress, $"{result.Configuration.System.Id} on all data").Show(
            observer => Runs.FinalFit.Run(folder, result.Recommender, split, [observer], cancellation));

    private sealed class ImportDisplay(Terminal terminal) : IProgress<ImportProgress>
    {
        private readonly System.Diagnostics.Stopwatch since = System.Diagnostics.Stopwatch.StartNew();

        public void Report(ImportProgress value)
        {
            // Short imports stay silent.
            if (since.Elapsed > TimeSpan.FromSeconds(3))
            {
                since.Restart();
                terminal.Note(value.Fraction is { } share ? $"{value.Stage}: {share:P0}" : $"{value.Stage}: {value.Rows:N0} rows");
            }
        }
    }
}
