using System.CommandLine;
using Spectre.Console;
using Tastemaker.Catalog;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Reports;
using Tastemaker.Runs;
using Tastemaker.Tuning;

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
        var tune = new Option<int>("--tune")
        {
            Description = "Settings to try for each system on the validation part, the same number for all, before the best is trained and compared. Recommended wherever a "
                + "comparison is to say something about systems rather than about their defaults; 12 to 30 are enough for most. Default: 0, every system as it is set.",
            HelpName = "trials",
        };
        var output = new Option<string?>("--out", "-o") { Description = "Folder for the runs and the report. Default: runs/compare-DATA. Runs found there are not repeated." };
        var command = new TasteCommand(
            "compare",
            "Compare systems on one split with baselines, confidence intervals and paired tests, and write an HTML report.",
            ("taste compare ratings.csv --systems neumf,multi-vae", "Two systems beside the baselines."),
            ("taste compare ratings.csv --systems neumf,multi-vae --tune 20", "Fair: every system gets the same search budget on the validation part."),
            ("taste compare ratings.csv --systems ease,slim --no-baselines --reference ease", "Only these two."),
            ("taste compare ratings.csv --systems neumf --set neumf.epochs=5", "With a setting for one of them; without the name of a system it is for all that have the option."))
        {
            systems, alone, reference, tune, output,
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

            List<RunConfiguration> Configured() => All(ids, id => Defaults.Fill(arguments.Configuration(parsed, id, among: ids)));
            var configurations = Configured();
            var split = Loading.Split(configurations[0], terminal, cancellation);
            if (split.Test.Impressions is not null && configurations.Exists(run => run.System.PredictsClicks))
            {
                ids = Beside(Comparison.ClickBaselines);
                configurations = Configured();
            }

            var against = parsed.GetValue(reference);
            var (suitable, leftOut) = ComparisonCheck.WithoutUnsuitable(configurations, split, id => id == against || named.Contains(id, StringComparer.OrdinalIgnoreCase));
            leftOut = [.. leftOut, .. SharedSettings.Notes(arguments.Settings(parsed), ids, suitable.Select(run => run.System.Id))];
            var folder = parsed.GetValue(output) ?? Path.Combine("runs", $"compare-{split.Train.Data.Name}");
            return Task.FromResult(Compare(suitable, split, folder, against, leftOut, terminal, cancellation, Trials(parsed.GetValue(tune), split)));
        });
    }

    /// <summary>Runs all configurations, draws the leaderboard and writes the report; systems that fail become rows of both.</summary>
    /// <param name="configurations">What is compared.</param>
    /// <param name="split">The data.</param>
    /// <param name="folder">Folder of runs and report.</param>
    /// <param name="reference">The system that the others are tested against; null for the best.</param>
    /// <param name="leftOut">Notes on systems that are not compared, and on settings that are not for all.</param>
    /// <param name="terminal">Where to.</param>
    /// <param name="cancellation">Stops; call again to go on.</param>
    /// <param name="trials">Settings to try for each system; 0 to take them as they are.</param>
    /// <returns>The exit code: that of a failure where a system failed.</returns>
    public static int Compare(
        IReadOnlyList<RunConfiguration> configurations,
        Split split,
        string folder,
        string? reference,
        IReadOnlyList<string> leftOut,
        Terminal terminal,
        CancellationToken cancellation,
        int trials = 0)
    {
        ExperimentResult Train(RunConfiguration configuration, string run) => trials == 0
            ? Loading.Run(configuration, split, run, terminal, cancellation)
            : Tuned(configuration, split, folder, trials, terminal, cancellation);
        foreach (var note in leftOut)
        {
            terminal.Note($"Note: {note}");
        }

        var page = Path.Combine(folder, "report.html");
        foreach (var file in new[] { page, Path.Combine(folder, "leaderboard.png") }.Where(file => File.Exists(file) && !EarlierOutput.Says(page, "content=\"Tastemaker\"")))
        {
            throw new InputException($"--out {folder}: its file {Path.GetFileName(file)} was not written by 'taste compare', so it is not replaced. Name another folder.");
        }

        var comparison = Comparison.Run(configurations, split, folder, reference, Train, (system, error) => Announce(system, error, terminal), cancellation);
        var report = comparison.WriteReport(folder);
        string[] notes = [.. leftOut, .. comparison.Notes, .. comparison.Systems.SelectMany(system => system.Notes.Select(note => $"{system.Name}: {note}"))];
        notes = Array.ConvertAll(notes, OptionWords.Of);
        terminal.Result(Document(comparison, report, notes), console =>
        {
            new Leaderboard(comparison.Table)
            {
                Systems = comparison.Systems, Failed = comparison.Failed, ShowsAll = configurations[0].Evaluation.Metrics.Count > 0, Explains = comparison.Conclusion.Best is not null,
            }.Draw(console);
            foreach (var note in notes)
            {
                console.WriteLine($"Note: {note}");
            }

            console.WriteLine($"Report: {report}");
            console.WriteLine();
            console.WriteLine(string.Join(" ", comparison.Conclusion.Best is null ? comparison.Verdict : comparison.Verdict.Prepend("Verdict:")));
        });
        return comparison.Failed.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static object Document(Comparison comparison, string report, string[] notes) => new
    {
        comparison.Table.MainMetric,
        comparison.Table.Reference,
        rows = comparison.Table.Rows.Select(row => (row, system: comparison.Systems.First(system => system.Name == row.System))).Select(pair => new
        {
            pair.row.System, pair.row.Cells, pair.system.TrainingSeconds, pair.system.ScoringMilliseconds, pair.system.ScoredUnit, pair.system.ModelBytes, pair.system.Notes,
        }),
        failed = comparison.Failed.Select(system => new { system = system.Name, system.Reason }),
        verdict = comparison.Conclusion with { Sentences = comparison.Verdict },
        report,
        notes,
    };

    // The table comes at the end, which may be hours away.
    private static void Announce(FailedSystem system, Exception error, Terminal terminal)
    {
        terminal.Note($"{system.Name} failed: {system.Reason} The others go on.");
        if (Environment.GetEnvironmentVariable("TASTEMAKER_DEBUG") is not null)
        {
            terminal.Note(error.ToString());
        }
    }

    private static ExperimentResult Tuned(RunConfiguration configuration, Split split, string folder, int trials, Terminal terminal, CancellationToken cancellation)
    {
        var display = new TuningDisplay(terminal.Progress);
        terminal.Note($"{configuration.System.Id}: {trials} settings on the validation part");
        var chosen = display.Show(() => SettingSearch.Run(
            configuration,
            new TuningOptions { Trials = trials, Startup = Math.Max(1, trials / 2) },
            split,
            new TuningFolder(Path.Combine(folder, $"tune-{trials}-{configuration.System.Id}-{configuration.Fingerprint[..8]}")),
            display,
            [display],
            cancellation));
        terminal.Note($"{configuration.System.Id}: {chosen.Text}");
        var result = Loading.Run(chosen.Configuration, split, Comparison.Folder(folder, chosen.Configuration), terminal, cancellation);
        return result with { Test = result.Test with { Notes = [chosen.Text, .. result.Test.Notes] } };
    }

    private static int Trials(int trials, Split split) => trials switch
    {
        0 => 0,
        < 0 => throw new InputException($"--tune {trials}: give the number of settings to try for each system, such as 12."),
        _ when split.Validation is null => throw new InputException(
            $"--tune needs a validation part, on which settings are chosen, and the split '{split.Description}' has none: split with one, e.g. --split \"{Defaults.Split}\"."),
        _ => trials,
    };

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
