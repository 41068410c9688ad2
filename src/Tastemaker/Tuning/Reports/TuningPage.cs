using System.Globalization;
using System.Text;
using Tastemaker.Configuration;

namespace Tastemaker.Tuning.Reports;

/// <summary>A page of studies in Markdown, a section a study, written from what a search found and never typed.</summary>
internal static class TuningPage
{
    private const string Mark = "\n## ";

    /// <summary>The page with a study's section in it.</summary>
    /// <param name="outcome">The study.</param>
    /// <param name="command">What repeats it.</param>
    /// <param name="picture">Name of the picture beside the page; null for none.</param>
    /// <param name="earlier">The page as it was: sections of other studies stay, in their order.</param>
    public static string Of(TuningOutcome outcome, string command, string? picture, string earlier = "")
    {
        var page = new StringBuilder(
            "# Tuned against default\n\nMade by `taste tune`; do not edit. Settings were chosen on the validation part; the test part was measured once, for the tuned and the default\n"
            + "setting, and the difference tested request by request. See [Tuning](tuning.md) for the method.\n");
        var sections = new OrderedDictionary<string, string>(
            earlier.Split(Mark)[1..].Select(text => KeyValuePair.Create(text[..text.IndexOf('\n', StringComparison.Ordinal)], Mark + text.TrimEnd('\n') + "\n")));
        sections[outcome.Title] = Section(outcome, command, picture);
        return page.AppendJoin("", sections.Values).ToString();
    }

    private static string Section(TuningOutcome outcome, string command, string? picture)
    {
        var plan = outcome.Plan;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Mark}{outcome.Title}\n\n");
        text.Append(plan.Tuning.Description.Length > 0 ? $"{plan.Tuning.Description.Trim()}\n\n" : "");
        text.Append(CultureInfo.InvariantCulture, $"**{outcome.Verdict}**\n\n");
        Figures(text, outcome);
        text.Append("| Option | Searched | Default | Tuned | Importance |\n|---|---|---|---|---|\n");
        foreach (var dimension in plan.Space.Dimensions)
        {
            var share = outcome.Importance.First(option => option.Name == dimension.Name).Share;
            text.Append(CultureInfo.InvariantCulture, $"| {dimension.Name} | {dimension.Text} | {outcome.Trials[0].Point[dimension.Name]} | {outcome.Best.Point[dimension.Name]} | {share:0.00} |\n");
        }

        if (picture is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n![Trials and the best so far]({picture})\n");
        }

        Facts(text, outcome);
        return text.Append(CultureInfo.InvariantCulture, $"\nRepeat with `{command}`.\n").ToString();
    }

    private static void Figures(StringBuilder text, TuningOutcome outcome)
    {
        var metric = outcome.Comparison?.MainMetric ?? outcome.Plan.Metric;
        text.Append(CultureInfo.InvariantCulture, $"| Setting | {outcome.Plan.Metric} validation | {metric} test [95 %] | Epochs | Training |\n|---|---|---|---|---|\n");
        foreach (var (name, trial, run) in new[] { (TuningOutcome.TunedName, outcome.Best, outcome.Tuned), (TuningOutcome.DefaultName, outcome.Trials[0], outcome.Default) })
        {
            var cell = outcome.Comparison?.Rows.First(row => row.System == name).Cells[metric];
            var test = cell?.Mean ?? run.ReadResult().Metrics.GetValueOrDefault(metric, double.NaN);
            var interval = cell?.Interval is { } found ? string.Create(CultureInfo.InvariantCulture, $" [{found.Lower:0.0000}, {found.Upper:0.0000}]") : "";
            text.Append(CultureInfo.InvariantCulture,
                $"| {name} | {trial.Last?.Metric ?? double.NaN:0.0000} | {test:0.0000}{interval} | {trial.Last?.Epochs} | {run.Manifest.TrainingSeconds ?? 0:0.0} s |\n");
        }

        text.Append('\n');
    }

    private static void Facts(StringBuilder text, TuningOutcome outcome)
    {
        var (plan, manifest) = (outcome.Plan, outcome.Tuned.Manifest);
        var failed = outcome.Trials.Count(trial => trial.Failed);
        text.Append(CultureInfo.InvariantCulture, $"\n- System: {plan.Start.System.Name}; data: {manifest.Data} (`{manifest.DataFingerprint}`); split: {manifest.Split} (`{manifest.SplitFingerprint}`){(plan.Tuning.Retrain ? ", validation part in training for the test" : "")}\n");
        text.Append(CultureInfo.InvariantCulture, $"- Search: {OptionText.Of(plan.Tuning.Sampler)}, {outcome.Trials.Count} trials{(failed > 0 ? $", {failed} of them failed" : "")}{(plan.Rungs is { } rungs ? $", halving over {rungs.Text}" : "")}; {outcome.Trials.Sum(trial => trial.Seconds):0} s of training and validation\n");
        text.Append(CultureInfo.InvariantCulture, $"- Made with Tastemaker {manifest.Library}, libtorch {manifest.Libtorch}, {manifest.Runtime}\n");
    }
}
