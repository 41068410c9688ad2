using System.CommandLine;
using Tastemaker.Bench.Measuring;
using Tastemaker.Bench.Reports;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;

namespace Tastemaker.Bench.Commands;

/// <summary>The options that whole runs share.</summary>
internal sealed class RunOptions(string defaultSystems, int defaultEpochs)
{
    private readonly Option<string> systems = new("--systems")
    {
        Description = "Systems by id, with commas; 'all' for the whole catalog.", DefaultValueFactory = _ => defaultSystems,
    };

    private readonly Option<int> epochs = new("--epochs") { Description = "Epochs to train; the first does not count where there are more.", DefaultValueFactory = _ => defaultEpochs };

    private readonly Option<double> seconds = new("--seconds") { Description = "After so many seconds of training, no further epoch of a system begins.", DefaultValueFactory = _ => 600 };

    private readonly Option<string[]> settings = new("--set") { Description = "A setting of a system, such as neumf.pretraining-epochs=0; may be repeated.", DefaultValueFactory = _ => [] };

    private readonly Option<int> requests = new("--requests") { Description = "Most test requests to rank; 0 for all.", DefaultValueFactory = _ => 0 };

    private readonly Option<string> split = new("--split") { Description = "How to divide the data.", DefaultValueFactory = _ => "ratio-by-user(test=0.2,validation=0)" };

    private readonly Option<string?> name = new("--name") { Description = "Name of the data set in the report; the file's name without it." };

    private readonly Option<ulong> seed = new("--seed") { Description = "Seed of split and training.", DefaultValueFactory = _ => 42 };

    private readonly Option<int> threads = new("--threads") { Description = "Threads; 0 for all cores.", DefaultValueFactory = _ => 0 };

    private readonly Option<string?> json = new("--json") { Description = "Also write the figures to this file as JSON." };

    private readonly Option<string?> write = new("--write") { Description = "Also put the table into this Markdown page, in place of the data set's earlier one." };

    public Command AddTo(Command command)
    {
        foreach (var option in new Option[] { systems, epochs, seconds, settings, requests, split, name, seed, threads, json, write })
        {
            command.Add(option);
        }

        return command;
    }

    /// <summary>Measures, prints the section, and writes what was asked for.</summary>
    public BenchReport Run(ParseResult parsed, string file, string command, double? generateSeconds = null)
    {
        if (!File.Exists(file))
        {
            throw new InputException($"--data {file}: there is no such file.");
        }

        Training.Threads.Use(parsed.GetValue(threads));
        var chosen = ChosenSystems.Parse(parsed.GetValue(systems)!, parsed.GetValue(settings)!);
        var measuring = new BenchSettings(
            parsed.GetValue(epochs), parsed.GetValue(seconds), parsed.GetValue(requests), parsed.GetValue(seed), parsed.GetValue(threads));
        var data = DataOptions.From(file) with { Name = parsed.GetValue(name) };
        var report = new EndToEnd(data, SplitterSyntax.Parse(parsed.GetValue(split)!), chosen, measuring, Console.Error)
            .Run(command, generateSeconds, soFar => Save(parsed, soFar));
        Console.WriteLine(MarkdownReport.Section(report));
        return report;
    }

    private void Save(ParseResult parsed, BenchReport report)
    {
        if (parsed.GetValue(json) is { } file)
        {
            ReportFiles.WriteJson(report, file);
        }

        if (parsed.GetValue(write) is { } page)
        {
            ReportFiles.WritePage(report, page);
        }
    }
}
