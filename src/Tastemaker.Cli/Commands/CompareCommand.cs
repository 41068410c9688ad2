using Spectre.Console;
using System.CommandLine;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Runs;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste compare DATA --systems a,b</c>: several systems on one split, with the baselines, tested against each other.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var arguments = new RunArguments();
        var systems = new Option<string[]>("--systems", "-s") { Description = "Systems to compare, separated by commas.", DefaultValueFactory = _ => [] };
        var alone = new Option<bool>("--no-baselines") { Description = $"Leave out the baselines ({string.Join(", ", Comparison.Baselines)}; {string.Join(", ", Comparison.ClickBaselines)} where clicks are predicted)." };
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
            var named = parsed.GetValue(systems)!.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
            List<string> Beside(IReadOnlyList<string> baselines) =>
                [.. (parsed.GetValue(alone) ? named : named.Concat(baselines)).Distinct(StringComparer.OrdinalIgnoreCase)];
            var ids = Beside(Comparison.Baselines);
            if (ids.Count < 2)
            {
                throw new InputException("Name at least two systems: --systems a,b ('taste models' lists all).");
            }

            var configurations = All(ids, id => Defaults.Fill(arguments.Configuration(parsed, id)));
            var split = Loading.Split(configurations[0], terminal, cancellation);
            if (split.Test.Impressions is not null && configurations.Exists(run => run.System.PredictsClicks))
            {
                configurations = All(Beside(Comparison.ClickBaselines), id => Defaults.Fill(arguments.Configuration(parsed, id)));
            }

            var folder = parsed.GetValue(output) ?? Path.Combine("runs", $"compare-{split.Train.Data.Name}");
            return Task.FromResult(Compare(configurations, split, folder, parsed.GetValue(reference), terminal, cancellation));
        });
    }

    /// <summary>Runs all configurations, draws the leaderboard and writes the report.</summary>
    public static int Compare(
        IReadOnlyList<RunConfiguration> configurations, Split split, string folder, string? reference, Terminal terminal, CancellationToken cancellation)
    {
        var comparison = Comparison.Run(
            configurations, split, folder, reference, (configuration, run) => Loading.Run(configuration, split, run, terminal, cancellation), cancellation);
        var report = comparison.WriteReport(folder);
        var table = comparison.Table;
        return terminal.Result(new { table.MainMetric, table.Reference, table.Rows, report, notes = split.Notes }, console =>
        {
            Leaderboard.Draw(console, table);
            console.WriteLine($"Report: {report}");
        });
    }

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
