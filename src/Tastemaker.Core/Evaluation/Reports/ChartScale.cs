namespace Tastemaker.Evaluation.Reports;

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
