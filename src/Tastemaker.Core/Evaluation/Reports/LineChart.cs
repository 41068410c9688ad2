namespace Tastemaker.Evaluation.Reports;

/// <summary>A line chart as inline SVG, colored by the page's style sheet so that it follows light and dark.</summary>
internal sealed record LineChart(string Title, string XTitle, IReadOnlyList<ChartSeries> Series)
{
    private const double NarrowWidth = 400;
    private const double WideWidth = 860;
    private const double Height = 262;
    private const double Left = 50;
    private const double Margin = 12;
    private const double Top = 14;
    private const double Bottom = 212;

    /// <summary>Whether the y axis begins at zero.</summary>
    public bool FromZero { get; init; } = true;

    /// <summary>Whether points are marked.</summary>
    public bool HasMarkers { get; init; } = true;

    /// <summary>Whether the x axis counts something, such as epochs, so that its ticks are whole numbers.</summary>
    public bool HasWholeX { get; init; }

    /// <summary>Whether it stands alone and takes the width of two.</summary>
    public bool IsWide { get; init; }

    private double Width => IsWide ? WideWidth : NarrowWidth;

    private double Right => Width - Margin;

    /// <summary>Places and labels of the x axis; null for round numbers.</summary>
    public IReadOnlyList<(double X, string Label)>? XLabels { get; init; }

    /// <summary>The chart with its caption.</summary>
    public Markup Render()
    {
        var points = Series.SelectMany(line => line.Points).ToArray();
        var y = new ChartScale(points.Select(point => point.Y), Bottom, Top, FromZero);
        var labelled = XLabels?.Select(label => label.X) ?? [];
        var x = new ChartScale(points.Select(point => point.X).Concat(labelled), Left + 8, Right - 8, fromZero: false, leastStep: HasWholeX ? 1 : 0);
        var xTicks = XLabels ?? [.. x.Ticks.Select(tick => (tick, x.Label(tick)))];
        return Markup.Of($"""
            <figure><figcaption>{Title}</figcaption>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{Title}">
            {y.Ticks.Select(tick => Markup.Of($"""<line class="grid" x1="{Left}" x2="{Right}" y1="{y[tick]:0.#}" y2="{y[tick]:0.#}"/><text class="tick" text-anchor="end" x="{Left - 6}" y="{y[tick] + 4:0.#}">{y.Label(tick)}</text>"""))}
            {xTicks.Select(tick => Markup.Of($"""<text class="tick" text-anchor="middle" x="{x[tick.X]:0.#}" y="{Bottom + 19}">{tick.Label}</text>"""))}
            <text class="axis" text-anchor="middle" x="{(Left + Right) / 2}" y="{Height - 10}">{XTitle}</text>
            {Series.Select(line => Draw(line, x, y))}
            </svg></figure>
            """);
    }

    private Markup Draw(ChartSeries line, ChartScale x, ChartScale y)
    {
        var path = "";
        var pen = 'M';
        foreach (var (px, py) in line.Points)
        {
            path += double.IsFinite(py) ? FormattableString.Invariant($"{pen}{x[px]:0.#} {y[py]:0.#}") : "";
            pen = double.IsFinite(py) ? 'L' : 'M';
        }

        var dash = line.Color >= ReportStyle.Colors ? " dashed" : "";
        var style = line.Color < 0 ? "reference" : $"c{line.Color % ReportStyle.Colors}{dash}";
        var marks = (HasMarkers && line.Color >= 0) || line.Points.Count == 1 ? line.Points.Where(point => double.IsFinite(point.Y)) : [];
        return Markup.Of($"""
            <g class="{style}"><path d="{path}"><title>{line.Name}</title></path>{marks.Select(mark => Markup.Of($"""<circle r="3" cx="{x[mark.X]:0.#}" cy="{y[mark.Y]:0.#}"><title>{line.Name}: {mark.Y:0.####}</title></circle>"""))}</g>
            """);
    }
}
