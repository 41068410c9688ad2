using Spectre.Console;
using System.CommandLine;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Data.Splits;
using Tastemaker.Tuning;
using Tastemaker.Tuning.Reports;
using Tastemaker.Tuning.Trials;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste tune DATA --system ID</c>: a hyper-parameter search, and what its best setting is worth on the test part.</summary>
internal static class TuneCommand
{
    public static Command Create()
    {
        var arguments = new RunArguments();
        var tuning = new TuningArguments();
        var system = new Option<string?>("--system", "-s") { Description = "The system; 'taste models' lists all." };
        var output = new Option<string?>("--out", "-o") { Description = "Folder of the search. Default: runs/tune-DATA-SYSTEM-FINGERPRINT. A search found there is gone on with." };
        var page = new Option<string?>("--page") { Description = "Also put the outcome into a page of studies, e.g. docs/tuning-results.md; what it says of others stays." };
        var command = new TasteCommand(
            "tune",
            "Search hyper-parameters on the validation part, and test the best setting against the default on the test part.",
            ("taste tune ratings.csv --system multi-vae", "30 trials of the options for which the system declares a range."),
            ("taste tune ratings.csv --system bpr-mf --search learning-rate=1e-3..1e-1:log --search dimension=32,64,128 --fix regularization=0.02", "Ranges and values of your own."),
            ("taste tune ratings.csv --system neumf --halving --trials 60 --time 2h", "Most trials are stopped early; the best third goes on."),
            ("taste tune ratings.csv --system ease --sampler grid --only --search regularization=30,100,300,1000", "All values in order."),
            ("taste tune ratings.csv --system ials --parallel 4 --threads 8", "Four processes of two threads."),
            ("taste reproduce runs/tune-ratings-ials-0123abcd/best.yaml", "Afterwards: the best setting beside the default, as a recipe."))
        {
            system, output, page,
        };
        var outputs = new Outputs();
        outputs.AddTo(command);
        tuning.AddTo(command);
        arguments.AddTo(command);
        return command.Does((parsed, terminal, cancellation) =>
        {
            if (parsed.GetValue(page) is { } wanted)
            {
                outputs.CheckFile(parsed, page.Name, wanted, [], path => EarlierOutput.Says(path, "Made by `taste tune`"));
            }

            var options = tuning.Options(parsed, arguments.File(parsed));
            var start = Defaults.Fill(arguments.Configuration(parsed, parsed.GetValue(system), [TuningArguments.Section]));
            var split = Loading.Split(start, terminal, cancellation);
            var plan = TuningPlan.Of(start, options, split);
            var folder = new TuningFolder(parsed.GetValue(output) ?? Path.Combine("runs", $"tune-{split.Train.Data.Name}-{start.System.Id}-{start.Fingerprint[..8]}"));
            folder.DemandRoom();
            var outcome = Run(plan, split, folder, terminal, cancellation);
            if (parsed.GetValue(page) is { } file)
            {
                WritePage(outcome, folder, file, Repeat(parsed));
                terminal.Note($"Written: {file}");
            }

            return Task.FromResult(Report(terminal, outcome, folder));
        });
    }

    private static TuningOutcome Run(TuningPlan plan, Split split, TuningFolder folder, Terminal terminal, CancellationToken cancellation)
    {
        var display = new TuningDisplay(terminal.Progress);
        var threads = Math.Max(1, Parallelism.Threads / plan.Tuning.Parallel);
        return display.Show(() => Tuner.Run(
            plan,
            split,
            folder,
            () => plan.Tuning.Parallel > 1
                ? new WorkerTrials(plan, split, folder, () => TuneWorkerCommand.Start(threads))
                : new LocalTrials(plan, split, folder, [display]),
            (configuration, data, run) => Runs.Experiment.Run(configuration, data, run, [display.Final(configuration)], cancellation: cancellation),
            display,
            cancellation));
    }

    private static int Report(Terminal terminal, TuningOutcome outcome, TuningFolder folder) => terminal.Result(outcome.Json(), console =>
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("option", "searched", "default", "tuned").AddColumn(new TableColumn("importance").RightAligned());
        foreach (var option in outcome.Importance)
        {
            var (first, best) = (outcome.Trials[0].Point[option.Name], outcome.Best.Point[option.Name]);
            table.AddRow([.. new[] { option.Name, outcome.Plan.Space[option.Name].Text, first, best, FormattableString.Invariant($"{option.Share:0.00}") }.Select(Markup.Escape)]);
        }

        console.Write(table);
        console.WriteLine(FormattableString.Invariant(
            $"Validation {outcome.Plan.Metric}: {outcome.Best.Last!.Metric:0.0000} (trial {outcome.Best.Number}), default {outcome.Trials[0].Last?.Metric:0.0000}; {outcome.Trials.Count} trials, {outcome.Trials.Count(trial => trial.Failed)} failed."));
        if (outcome.Comparison is { } comparison)
        {
            new Leaderboard(comparison).Draw(console);
        }
        else
        {
            console.WriteLine(outcome.Verdict);
        }

        console.WriteLine($"Report: {folder.Report}");
        console.WriteLine($"Recipe: taste reproduce {folder.Recipe}   Settings: taste train --config {folder.Settings}");
    });

    private static void WritePage(TuningOutcome outcome, TuningFolder folder, string file, string command)
    {
        var pictures = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "images");
        var name = $"tuning-{string.Concat(outcome.Title.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'))}.png";
        Directory.CreateDirectory(pictures);
        File.Copy(folder.Picture(TuningPictures.Progress), Path.Combine(pictures, name), overwrite: true);
        File.WriteAllText(file, TuningPage.Of(outcome, command, $"images/{name}", File.Exists(file) ? File.ReadAllText(file) : ""));
    }

    // What was typed, but for where it was written and how fast it went.
    private static string Repeat(ParseResult parsed)
    {
        string[] left = ["--page", "--out", "-o", "--threads", "--parallel", "--json"];
        var words = new List<string>();
        for (var index = 0; index < parsed.Tokens.Count; index++)
        {
            var word = parsed.Tokens[index].Value;
            if (left.Contains(word))
            {
                index += word == "--json" ? 0 : 1;
                continue;
            }

            words.Add(word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word);
        }

        return $"taste {string.Join(" ", words)}";
    }
}
