using System.CommandLine;
using Spectre.Console;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Runs;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste train DATA --system ID</c>: one run from a file to a measured, saved recommender.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var arguments = new RunArguments();
        var system = new Option<string?>("--system", "-s") { Description = "The system; 'taste models' lists all." };
        var output = new Option<string?>("--out", "-o") { Description = "Folder of the run. Default: runs/DATA-SYSTEM-FINGERPRINT. A run found there is resumed." };
        var show = new Option<bool>("--show") { Description = "Print the effective configuration and where each value comes from, and do nothing." };
        var measuredOnly = new Option<bool>("--no-final-fit") { Description = "Keep the model that was measured. Without this, the same setting is fit once more on all data, held-out part included, and that model is saved to be served." };
        var command = new TasteCommand(
            "train",
            "Train a system on data, measure it on held-out data, fit it once more on all data, and save it.",
            ("taste train ratings.csv --system ease", "Columns, delimiter and types are recognized."),
            ("taste train ml-1m/ --system multi-vae --split \"strong-generalization(test=600,validation=600)\"", "Whole users are held out."),
            ("taste train ratings.csv --system ease --split none", "Nothing is held out, nothing is measured."),
            ("taste train ratings.csv --system neumf --set epochs=10 --set learning-rate=0.0005 --seed 7", "Other hyper-parameters."))
        {
            system, output, show, measuredOnly,
        };
        arguments.AddTo(command);
        return command.Does((parsed, terminal, cancellation) =>
        {
            var configuration = Defaults.Fill(arguments.Configuration(parsed, parsed.GetValue(system)));
            return Task.FromResult(parsed.GetValue(show) ? Show(terminal, configuration) : Run(terminal, configuration, parsed.GetValue(output), finalFit: !parsed.GetValue(measuredOnly), cancellation));
        });
    }

    // Which data the saved model has seen.
    private static string Learned(Split split, bool onAll) =>
        !split.HasTest ? $"The model learned from all {split.Train.Interactions.Count:N0} interactions; nothing was held out to measure it on."
        : onAll ? $"The metrics are of the model that learned from the training part; the saved one was then fit on all {split.Whole!.Interactions.Count:N0} interactions."
        : $"The saved model learned from the training part alone: {split.Train.Interactions.Count:N0} interactions.{(split.SeenAreCandidates is true ? "" : " Lists still leave out all that a user has.")}";

    private static int Show(Terminal terminal, RunConfiguration configuration) =>
        terminal.Result(configuration.ToJson(), console => console.WriteLine(configuration.ToYaml()));

    private static int Run(Terminal terminal, RunConfiguration configuration, string? output, bool finalFit, CancellationToken cancellation)
    {
        var split = Loading.Split(configuration, terminal, cancellation);
        var folder = output ?? Path.Combine("runs", $"{split.Train.Data.Name}-{configuration.System.Id}-{configuration.Fingerprint[..8]}");
        var result = Loading.Run(configuration, split, folder, terminal, cancellation);
        using var recommender = result.Recommender;
        var onAll = finalFit && Loading.FinalFit(result, split, terminal, cancellation);
        return terminal.Result(
            new { system = configuration.System.Id, run = folder, finalFit = onAll, result.Test.Metrics, result.Test.Requests, rows = result.Test.Clicks?.Count, result.Test.Protocol, result.Test.Slices, notes = split.Notes.Concat(result.Test.Notes) },
            console =>
            {
                if (split.HasTest)
                {
                    MetricsTable.Draw(console, result.Test, configuration.Evaluation.Metrics.Count > 0);
                }
                else
                {
                    foreach (var note in result.Test.Notes)
                    {
                        console.WriteLine($"Note: {OptionWords.Of(note)}");
                    }
                }

                console.WriteLine(Learned(split, onAll));
                console.MarkupLineInterpolated($"Saved in [bold]{folder}[/]. Next: taste recommend {folder} --user ID");
            });
    }
}
