using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Evaluation.Reports;

/// <summary>The main metric of every system as a dot with its confidence interval, as inline SVG.</summary>
internal static class ForestPlot
{
    private const double Width = 760;
    private const double RowHeight = 26;
    private const double Left = 190;
    private const double Right = 690;

    /// <summary>The plot of a table's main metric.</summary>
    public static Markup Render(ComparisonTable table, Func<string, int> color)
    {
        var cells = table.Rows.Select(row => (row.System, Cell: row.Cells[table.MainMetric])).ToArray();
        var ends = cells.SelectMany(row => new[] { row.Cell.Mean, row.Cell.Interval?.Lower ?? row.Cell.Mean, row.Cell.Interval?.Upper ?? row.Cell.Mean });
        var x = new ChartScale(ends, Left, Right, fromZero: true, ticks: 6);
        var height = (cells.Length * RowHeight) + 40;
        var bottom = height - 32;
        return Markup.Of($"""
            <figure class="wide"><figcaption>{table.MainMetric}: mean and {100 * table.Options.Level:0.#} % interval over {table.Units}</figcaption>
            <svg viewBox="0 0 {Width} {height}" role="img" aria-label="{table.MainMetric} by system">
            {x.Ticks.Select(tick => Markup.Of($"""<line class="grid" x1="{x[tick]:0.#}" x2="{x[tick]:0.#}" y1="6" y2="{bottom}"/><text class="tick" text-anchor="middle" x="{x[tick]:0.#}" y="{bottom + 18}">{x.Label(tick)}</text>"""))}
            {cells.Select((row, index) => Row(row.System, row.Cell, x, (index * RowHeight) + 20, color(row.System)))}
            </svg></figure>
            """);
    }

    private static Markup Row(string system, ComparisonCell cell, ChartScale x, double y, int color)
    {
        var (lower, upper) = cell.Interval is { } interval ? (interval.Lower, interval.Upper) : (cell.Mean, cell.Mean);
        return Markup.Of($"""
            <text class="name" text-anchor="end" x="{Left - 14}" y="{y + 4}">{Shorten(system)}<title>{system}</title></text>
            <g class="c{color % ReportStyle.Colors}"><path class="bar" d="M{x[lower]:0.#} {y}H{x[upper]:0.#}"/><circle r="5" cx="{x[cell.Mean]:0.#}" cy="{y}"><title>{system}: {cell.Mean:0.0000}</title></circle></g>
            <text class="tick" x="{Math.Max(x[upper], x[cell.Mean]) + 10:0.#}" y="{y + 4}">{cell.Mean:0.0000}</text>
            """);
    }

    private static string Shorten(string name) => name.Length <= 24 ? name : name[..23] + "…";
}
