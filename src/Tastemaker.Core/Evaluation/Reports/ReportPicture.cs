using ScottPlot;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Evaluation.Reports;

/// <summary>Pictures of a comparison as PNG, for pages that cannot hold the HTML report.</summary>
public static class ReportPicture
{
    /// <summary>Draws the main metric of every system with its interval, the best on top.</summary>
    /// <param name="table">The comparison.</param>
    /// <param name="title">Text above the picture.</param>
    /// <param name="path">The PNG file to write.</param>
    /// <param name="width">Pixels.</param>
    public static void WriteLeaderboard(ComparisonTable table, string title, string path, int width = 960)
    {
        var rows = table.Rows.Reverse().ToArray();
        using var plot = PictureStyle.NewPlot(title);
        for (var row = 0; row < rows.Length; row++)
        {
            var cell = rows[row].Cells[table.MainMetric];
            var bar = plot.Add.Bar(row, cell.Mean);
            bar.Horizontal = true;
            bar.Color = rows[row].System == table.Reference ? PictureStyle.Accent : PictureStyle.Pale;
            bar.Bars[0].Size = 0.68;
            bar.Bars[0].LineWidth = 0;
            if (cell.Interval is { } interval)
            {
                var line = plot.Add.Line(interval.Lower, row, interval.Upper, row);
                line.LineColor = PictureStyle.Ink;
                line.LineWidth = 2;
            }

            var text = plot.Add.Text(ReportNumber.Format(cell.Mean), Math.Max(cell.Mean, cell.Interval?.Upper ?? 0), row);
            text.LabelAlignment = Alignment.MiddleLeft;
            text.OffsetX = 8;
            text.LabelFontColor = PictureStyle.Ink;
            text.LabelFontSize = 15;
        }

        plot.Axes.Left.SetTicks([.. Enumerable.Range(0, rows.Length).Select(row => (double)row)], [.. rows.Select(row => row.System)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Bottom.MinorTickStyle.Length = 0;
        var most = rows.Max(row => Math.Max(row.Cells[table.MainMetric].Mean, row.Cells[table.MainMetric].Interval?.Upper ?? 0));
        plot.Axes.SetLimits(0, most > 0 ? most * 1.14 : 1, -0.7, rows.Length - 0.3);
        plot.XLabel($"{table.MainMetric}, {100 * table.Options.Level:0.#} % intervals over {table.Units}");
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.SavePng(path, width, 130 + (34 * rows.Length));
    }

    /// <summary>Draws a validation metric of every system that was trained in epochs.</summary>
    /// <param name="systems">The systems.</param>
    /// <param name="metric">Such as "ndcg@10".</param>
    /// <param name="title">Text above the picture.</param>
    /// <param name="path">The PNG file to write.</param>
    /// <param name="width">Pixels.</param>
    /// <exception cref="InputException">No system has the metric in its curve.</exception>
    public static void WriteCurves(IReadOnlyList<SystemReport> systems, string metric, string title, string path, int width = 960)
    {
        using var plot = PictureStyle.NewPlot(title);
        var drawn = 0;
        foreach (var system in systems)
        {
            var points = system.Curve.Where(point => point.Metrics.ContainsKey(metric)).ToArray();
            if (points.Length > 0)
            {
                var line = plot.Add.Scatter(
                    Array.ConvertAll(points, point => (double)point.Epoch), Array.ConvertAll(points, point => point.Metrics[metric]));
                line.LegendText = system.Name;
                line.LineWidth = 2;
                drawn++;
            }
        }

        if (drawn == 0)
        {
            throw new InputException($"No system has the validation metric '{metric}' in its training curve, so there is nothing to draw.");
        }

        plot.XLabel("epoch");
        plot.YLabel(metric);
        plot.ShowLegend(Alignment.LowerRight);
        plot.SavePng(path, width, width * 9 / 16);
    }
}
