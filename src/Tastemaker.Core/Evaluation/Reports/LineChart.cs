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

/// <summary>One line of a chart; a point whose y is NaN is a gap.</summary>
internal sealed record ChartSeries(string Name, int Color, IReadOnlyList<(double X, double Y)> Points);

/// <summary>A range of values with round ticks, mapped to pixels.</summary>
internal sealed class ChartScale
{
    private readonly double low;
    private readonly double high;
    private readonly double from;
    private readonly double to;

    /// <summary>A scale over all values, widened to round numbers.</summary>
    public ChartScale(IEnumerable<double> values, double from, double to, bool fromZero, int ticks = 5, double leastStep = 0)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (least, most) = (fromZero ? Math.Min(0, finite.Min()) : finite.Min(), finite.Max());
        if (most - least < 1e-12)
        {
            (least, most) = (least - (Math.Abs(least) * 0.05) - 1e-6, most + (Math.Abs(most) * 0.05) + 1e-6);
        }

        Step = Math.Max(leastStep, RoundStep((most - least) / ticks));
        (low, high) = (Math.Floor((least / Step) + 1e-9) * Step, Math.Ceiling((most / Step) - 1e-9) * Step);
        (this.from, this.to) = (from, to);
    }

    /// <summary>Distance between ticks.</summary>
    public double Step { get; }

    /// <summary>The round values from end to end.</summary>
    public IEnumerable<double> Ticks => Enumerable.Range(0, (int)Math.Round((high - low) / Step) + 1).Select(tick => low + (tick * Step));

    /// <summary>The pixel of a value.</summary>
    public double this[double value] => from + ((value - low) / (high - low) * (to - from));

    /// <summary>A tick with as many decimals as the step needs.</summary>
    public string Label(double tick) =>
        tick.ToString("N" + Math.Max(0, (int)Math.Ceiling(-Math.Log10(Step) - 1e-9)), System.Globalization.CultureInfo.InvariantCulture);

    private static double RoundStep(double raw)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var digit = raw / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }
}
