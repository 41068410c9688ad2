using System.CommandLine;
using Tastemaker.Catalog;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Evaluation;
using Tastemaker.Runs;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste evaluate RUN</c>: measures a saved run again, with other metrics, cut-offs or tie rules.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "A run folder." };
        var validation = new Option<bool>("--on-validation") { Description = "Measure on the validation part instead of the test part." };
        var exported = new Option<string?>("--model") { Description = "An .onnx file exported from the run, to measure in place of the run's own model." };
        var evaluation = new RecordArguments("evaluation", typeof(EvaluationOptions), new Dictionary<string, string?> { ["slices"] = "slice" });
        var command = new TasteCommand(
            "evaluate",
            "Measure a saved run on the held-out part of its data.",
            ("taste evaluate runs/ease --cutoffs 5 --cutoffs 50 --metrics recall --metrics gini", "Other metrics and list lengths."),
            ("taste evaluate runs/ease --model ease.onnx", "What was exported with 'taste export runs/ease --held-out -o ease.onnx', on the same held-out part."),
            ("taste evaluate runs/gru4rec --ties conservative", "Another rule for equal scores."),
            ("taste evaluate runs/ease --slice gender --slice user-activity", "Also the figures by group of users."))
        {
            run, validation, exported,
        };
        evaluation.AddTo(command);
        return command.Does((parsed, terminal, cancellation) =>
        {
            var folder = RunFolder.Open(parsed.GetRequiredValue(run));
            var measured = parsed.GetValue(exported) ?? RunLocator.Measured(folder);
            var problems = new List<string>();
            var binder = new RunConfigurationBinder(SystemCatalog.Find, problems);
            var source = ConfigurationSource.FromFile(folder.ConfigurationFile);
            binder.Add(source, source.Root);
            foreach (var given in evaluation.Given(parsed))
            {
                binder.Set(given);
            }

            var configuration = binder.Bind();
            if (configuration is null || problems.Count > 0)
            {
                throw new InputException(problems);
            }

            var split = Loading.Split(configuration, terminal, cancellation);
            if (split.Fingerprint != folder.Manifest.SplitFingerprint)
            {
                throw new InputException($"The data has changed since '{folder.FullPath}' was trained: the split's fingerprint is {split.Fingerprint}, then it was {folder.Manifest.SplitFingerprint}. Train again.");
            }

            if (!split.HasTest)
            {
                throw new InputException($"'{folder.FullPath}' learned from all data (--split none), so nothing is held out that it could be measured on. Train it with a split.");
            }

            var part = parsed.GetValue(validation) ? split.Validation ?? throw new InputException("This split has no validation part.") : split.Test;
            using var recommender = RunLocator.Load(measured);
            if (recommender.Origin.SplitFingerprint != split.Fingerprint)
            {
                throw new InputException($"'{parsed.GetValue(exported)}' was not exported from what '{folder.FullPath}' was measured by: it may know what is held out here. Export that with 'taste export {folder.FullPath} --held-out -o measured.onnx'.");
            }

            var result = new Evaluator(split.Train, configuration.Evaluation).Evaluate(recommender, part, progress: null, cancellation);
            return Task.FromResult(terminal.Result(
                new { system = recommender.System, result.Metrics, result.Requests, rows = result.Clicks?.Count, result.Protocol, result.Slices, result.Notes }, console => MetricsTable.Draw(console, result, configuration.Evaluation.Metrics.Count > 0)));
        });
    }
}
