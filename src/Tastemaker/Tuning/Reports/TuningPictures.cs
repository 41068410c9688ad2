using ScottPlot;
using Tastemaker.Evaluation.Reports;
using Tastemaker.Tuning.Space;
using Tastemaker.Tuning.Trials;

namespace Tastemaker.Tuning.Reports;

/// <summary>Pictures of a search as PNG: the best so far, every option against the metric, importance, and the rungs of halving.</summary>
internal static class TuningPictures
{
    /// <summary>Name of the picture of the best so far.</summary>
    public const string Progress = "progress";

    /// <summary>Name of the picture of importance.</summary>
    public const string Importance = "importance";

    /// <summary>Name of the picture of the rungs.</summary>
    public const string Rungs = "rungs";

    private const int Width = 760;
    private const int Height = 430;

    /// <summary>Name of the picture of an option.</summary>
    public static string Option(string name) => $"option-{name}";

    /// <summary>Names of all pictures of a search, in the order of a report.</summary>
    public static IEnumerable<string> Names(TuningPlan plan) =>
        [Progress, Importance, .. plan.Space.Dimensions.Select(dimension => Option(dimension.Name)), .. plan.Rungs is null ? (string[])[] : [Rungs]];

    /// <summary>Draws all.</summary>
    public static void Write(TuningOutcome outcome, TuningFolder folder)
    {
        WriteProgress(outcome, folder.Picture(Progress));
        WriteImportance(outcome, folder.Picture(Importance));
        foreach (var dimension in outcome.Plan.Space.Dimensions)
        {
            WriteOption(outcome, dimension, folder.Picture(Option(dimension.Name)));
        }

        if (outcome.Plan.Rungs is { } rungs)
        {
            WriteRungs(outcome, rungs, folder.Picture(Rungs));
        }
    }

    private static void WriteProgress(TuningOutcome outcome, string path)
    {
        using var plot = PictureStyle.NewPlot("Trials and the best so far");
        var measured = outcome.Trials.Where(trial => trial.Last?.Metric is not null).ToArray();
        Dots(plot, [.. measured.Select(trial => ((double)trial.Number, trial.Last!.Metric!.Value))], PictureStyle.Pale, 9);
        var best = new List<(double X, double Y)>();
        foreach (var trial in measured)
        {
            var value = trial.Last!.Metric!.Value;
            best.Add((trial.Number, best.Count > 0 && !outcome.Plan.IsBetter(value, best[^1].Y) ? best[^1].Y : value));
        }

        var line = plot.Add.ScatterLine(best.Select(point => point.X).ToArray(), best.Select(point => point.Y).ToArray());
        line.ConnectStyle = ConnectStyle.StepHorizontal;
        line.LineWidth = 3;
        line.Color = PictureStyle.Accent;
        line.LegendText = "best so far";
        plot.XLabel("trial (0 is the default setting)");
        plot.YLabel($"validation {outcome.Plan.Metric}");
        plot.Legend.Alignment = Alignment.LowerRight;
        plot.ShowLegend();
        plot.SavePng(path, Width, Height);
    }

    private static void WriteOption(TuningOutcome outcome, SearchDimension dimension, string path)
    {
        using var plot = PictureStyle.NewPlot(dimension.Name);
        var axis = OptionAxis.Of(dimension);
        var measured = outcome.Trials.Where(trial => trial.Last?.Metric is not null)
            .Select(trial => (Trial: trial, X: axis.Place(trial.Point[dimension.Name]), Y: trial.Last!.Metric!.Value)).Where(point => point.X is not null).ToArray();
        Dots(plot, [.. measured.Select(point => (point.X!.Value, point.Y))], PictureStyle.Pale, 9);
        Dots(plot, [.. measured.Where(point => point.Trial.Number == 0).Select(point => (point.X!.Value, point.Y))], PictureStyle.Other, 12, "default");
        Dots(plot, [.. measured.Where(point => point.Trial == outcome.Best).Select(point => (point.X!.Value, point.Y))], PictureStyle.Accent, 12, "best");
        plot.Axes.Bottom.SetTicks([.. axis.Ticks.Select(tick => tick.Place)], [.. axis.Ticks.Select(tick => tick.Label)]);
        plot.Axes.SetLimitsX(axis.From, axis.To);
        plot.XLabel(axis.IsLog ? $"{dimension.Name}, logarithmic" : dimension.Name);
        plot.YLabel($"validation {outcome.Plan.Metric}");
        plot.Legend.Alignment = Alignment.LowerRight;
        plot.ShowLegend();
        plot.SavePng(path, Width, Height);
    }

    private static void WriteImportance(TuningOutcome outcome, string path)
    {
        using var plot = PictureStyle.NewPlot("Importance of the options");
        var options = outcome.Importance.Reverse().ToArray();
        for (var row = 0; row < options.Length; row++)
        {
            var bar = plot.Add.Bar(row, options[row].Share);
            bar.Horizontal = true;
            bar.Color = PictureStyle.Accent;
            bar.Bars[0].Size = 0.68;
            bar.Bars[0].LineWidth = 0;
        }

        plot.Axes.Left.SetTicks([.. Enumerable.Range(0, options.Length).Select(row => (double)row)], [.. options.Select(option => option.Name)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.SetLimits(0, 1, -0.7, options.Length - 0.3);
        plot.XLabel("share of the variance of the trials' ranks that the option explains alone");
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.SavePng(path, Width, 130 + (34 * options.Length));
    }

    private static void WriteRungs(TuningOutcome outcome, HalvingRungs rungs, string path)
    {
        using var plot = PictureStyle.NewPlot("Rungs of halving");
        foreach (var trial in outcome.Trials.OrderBy(trial => trial == outcome.Best))
        {
            var points = trial.Results.Select((result, rung) => (X: Math.Log(rungs.Epochs[rung]), Y: result.Metric)).Where(point => point.Y is not null).ToArray();
            var line = plot.Add.Scatter(Array.ConvertAll(points, point => point.X), Array.ConvertAll(points, point => point.Y!.Value));
            line.Color = trial == outcome.Best ? PictureStyle.Accent : PictureStyle.Pale;
            line.LineWidth = trial == outcome.Best ? 3 : 1.5f;
            line.MarkerSize = 8;
        }

        plot.Axes.Bottom.SetTicks([.. rungs.Epochs.Select(epochs => Math.Log(epochs))], [.. rungs.Epochs.Select((epochs, rung) =>
            $"{epochs} ({outcome.Trials.Count(trial => trial.Results.Count > rung)} trials)")]);
        plot.XLabel("epochs of the rung");
        plot.YLabel($"best validation {outcome.Plan.Metric} so far");
        plot.SavePng(path, Width, Height);
    }

    private static void Dots(Plot plot, (double X, double Y)[] points, Color color, float size, string? legend = null)
    {
        if (points.Length > 0)
        {
            var dots = plot.Add.ScatterPoints(Array.ConvertAll(points, point => point.X), Array.ConvertAll(points, point => point.Y));
            dots.Color = color;
            dots.MarkerSize = size;
            dots.LegendText = legend ?? "";
        }
    }
}
