using Spectre.Console;
using System.CommandLine;
using Tastemaker.Catalog;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Reports;
using Tastemaker.Evaluation.Significance;
using Tastemaker.Recommending;
using Tastemaker.Runs;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste compare DATA --systems a,b</c>: several systems on one split, with the baselines, tested against each other.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var arguments = new RunArguments();
        var systems = new Option<string[]>("--systems", "-s") { Description = "Systems to compare, separated by commas.", DefaultValueFactory = _ => [] };
        var alone = new Option<bool>("--no-baselines") { Description = $"Leave out the baselines ({string.Join(", ", Defaults.Baselines)})." };
        var reference = new Option<string?>("--reference") { Description = "The system the others are tested against. Default: the best." };
        var output = new Option<string?>("--out", "-o") { Description = "Folder for the runs and the report. Default: runs/compare-DATA. Runs found there are not repeated." };
        var command = new TasteCommand(
            "compare",
            "Compare systems on one split with baselines, confidence intervals and paired tests, and write an HTML report.",
            ("taste compare ratings.csv --systems neumf,multi-vae", "Two systems beside the baselines."),
            ("taste compare ratings.csv --systems ease,slim --no-baselines --reference ease", "Only these two."),
            ("taste compare ratings.csv --systems neumf --set neumf.epochs=5", "With a setting for one of them."))
        {
            systems, alone, reference, output,
        };
        arguments.AddTo(command);
        return command.Does((parsed, terminal, cancellation) =>
        {
            var named = parsed.GetValue(systems)!.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            var ids = (parsed.GetValue(alone) ? named : named.Concat(Defaults.Baselines)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            if (ids.Count < 2)
            {
                throw new InputException("Name at least two systems: --systems a,b ('taste models' lists all).");
            }

            var configurations = All(ids, id => Defaults.Fill(arguments.Configuration(parsed, id)));
            var split = Loading.Split(configurations[0], terminal, cancellation);
            var folder = parsed.GetValue(output) ?? Path.Combine("runs", $"compare-{split.Train.Data.Name}");
            return Task.FromResult(Compare(configurations, split, folder, parsed.GetValue(reference), terminal, cancellation));
        });
    }

    /// <summary>Runs all configurations, draws the leaderboard and writes the report.</summary>
    public static int Compare(
        IReadOnlyList<RunConfiguration> configurations, Split split, string folder, string? reference, Terminal terminal, CancellationToken cancellation)
    {
        // What the last system cannot do must be known before the first one trains.
        var problems = configurations
            .SelectMany(run => TrainingCheck.Problems(run.System, run.Options, run.Training, split, SystemCatalog.Systems)).Distinct().ToList();
        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }

        var reports = configurations.Select(configuration => Report(configuration, split, folder, terminal, cancellation)).ToList();
        var options = new ComparisonOptions { Reference = reference, MainMetric = MainMetric(configurations[0], reports[0]) };
        var comparison = ComparisonTable.Compare([.. reports.Select(report => (report.Name, report.Result))], options);
        var page = Path.Combine(folder, "report.html");
        HtmlReport.Write(
            new ReportContent
            {
                Title = $"{split.Train.Data.Name}: {reports.Count} systems",
                Train = split.Train,
                HoldOut = split.Test,
                Systems = reports,
                Comparison = options,
                Facts = Facts(configurations[0], split),
                Notes = split.Notes,
            },
            page);
        ReportPicture.WriteLeaderboard(comparison, $"{split.Train.Data.Name}, {split.Description}", Path.Combine(folder, "leaderboard.png"));
        return terminal.Result(new { comparison.MainMetric, comparison.Reference, comparison.Rows, report = page, notes = split.Notes }, console =>
        {
            Leaderboard.Draw(console, comparison);
            console.WriteLine($"Report: {page}");
        });
    }

    private static SystemReport Report(RunConfiguration configuration, Split split, string folder, Terminal terminal, CancellationToken cancellation)
    {
        var result = Loading.Run(configuration, split, Path.Combine(folder, $"{configuration.System.Id}-{configuration.Fingerprint[..8]}"), terminal, cancellation);
        using var recommender = result.Recommender;
        return new SystemReport
        {
            Name = configuration.System.Id,
            Result = result.Test,
            Curve = [.. result.Folder!.ReadCurves().Select(epoch => new EpochPoint(epoch.Epoch, epoch.Loss, epoch.Metrics))],
            Samples = SampleList.Take(recommender, split.Test, split.Train.Data, [.. Enumerable.Range(0, Math.Min(3, split.Test.Count))]),
            TrainingSeconds = result.Folder.Manifest.TrainingSeconds,
        };
    }

    private static string? MainMetric(RunConfiguration configuration, SystemReport report) =>
        report.Result.Metrics.ContainsKey(configuration.Training.Metric) ? configuration.Training.Metric : null;

    private static ReportFact[] Facts(RunConfiguration configuration, Split split) =>
    [
        new("Data", $"{split.Train.Data.Name}, fingerprint {split.Train.Data.Fingerprint}"),
        new("Split", $"{split.Description}, fingerprint {split.Fingerprint}"),
        new("Training interactions", $"{split.Train.Interactions.Count:N0}"),
        new("Users and items", $"{split.Train.UserCount:N0} and {split.Train.ItemCount:N0}"),
        new("Seed", $"{configuration.Training.Seed}"),
    ];

    private static List<RunConfiguration> All(IEnumerable<string> ids, Func<string, RunConfiguration> make)
    {
        var problems = new List<string>();
        var made = new List<RunConfiguration>();
        foreach (var id in ids)
        {
            try
            {
                made.Add(make(id));
            }
            catch (InputException bad)
            {
                problems.AddRange(bad.Problems.Where(problem => !problems.Contains(problem)));
            }
        }

        return problems.Count == 0 ? made : throw new InputException(problems);
    }
}
