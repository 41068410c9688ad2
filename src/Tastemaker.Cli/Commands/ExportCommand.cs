using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Onnx;
using Tastemaker.Runs;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste export RUN -o model.onnx</c>: a trained model as one file that any ONNX runtime scores with, and that <c>taste serve</c> runs from.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("run") { Description = "A run folder, or a folder of a saved model." };
        var output = new Option<string>("--output", "-o") { Description = "The file to write or replace; its name ends with .onnx.", Required = true };
        var onnx = new Option<bool>("--onnx") { Description = "As ONNX, which is the only format and need not be said." };
        var heldOut = new Option<bool>("--held-out") { Description = "The model that was measured, rather than the one that was then fit on all data: for 'taste evaluate --model'." };
        var outputs = new Outputs();
        var command = new TasteCommand(
            "export",
            "Write a trained model to one ONNX file, after comparing the scores that ONNX Runtime computes from it with ours.",
            ("taste export runs/ease -o ease.onnx", "Then 'taste serve ease.onnx' needs nothing else."),
            ("taste export runs/multi-vae -o model.onnx --json", "The largest difference of scores, for a script."))
        {
            model, output, onnx, heldOut,
        }.Does((parsed, terminal) =>
        {
            var named = parsed.GetRequiredValue(model);
            var folder = parsed.GetValue(heldOut) && RunFolder.Exists(named) ? RunLocator.Measured(RunFolder.Open(named)) : RunLocator.ModelFolder(named);
            if (OnnxRecommender.IsFile(folder))
            {
                throw new InputException($"'{folder}' is exported already; give the run folder.");
            }

            outputs.CheckFile(parsed, output.Name, parsed.GetRequiredValue(output), [folder], EarlierOutput.IsExport);
            using var recommender = RunLocator.Load(folder);
            terminal.Note("Writing the graph and comparing its scores ...");
            var export = OnnxRecommender.Export(recommender, parsed.GetRequiredValue(output));
            return terminal.Result(
                new { system = recommender.System, file = export.Path, export.Bytes, export.Inputs, export.ReadsHistories, export.Requests, export.LargestDifference, OnnxRecommender.Tolerance },
                console => Draw(console, recommender.Info.Name, export));
        });
        outputs.AddTo(command);
        return command;
    }

    private static void Draw(IAnsiConsole console, string system, OnnxExport export)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{system} is in {export.Path}, {export.Bytes / 1e6:N1} MB; it reads {string.Join(", ", export.Inputs)}."));
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Largest difference from our scores: {export.LargestDifference:0.0e+0}, over all items for {export.Requests:N0} requests; {OnnxRecommender.Tolerance:0e+0} is allowed."));
        if (!export.ReadsHistories)
        {
            console.WriteLine("It answers the users of the training data; others get popular items.");
        }
    }
}
