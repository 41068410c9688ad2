using System.Globalization;
using Tastemaker.Tuning.Space;

namespace Tastemaker.Tuning.Reports;

/// <summary>Where the values of an option stand in a picture: by number, by logarithm, or side by side.</summary>
/// <param name="Place">The place of a value; null where it is outside the space.</param>
/// <param name="From">Left end.</param>
/// <param name="To">Right end.</param>
/// <param name="Ticks">Places with labels.</param>
/// <param name="IsLog">Whether places are logarithms.</param>
internal sealed record OptionAxis(Func<string, double?> Place, double From, double To, IReadOnlyList<(double Place, string Label)> Ticks, bool IsLog)
{
    private const double Margin = 0.04;

    /// <summary>The axis of a searched option.</summary>
    public static OptionAxis Of(SearchDimension dimension) => dimension switch
    {
        ChoiceDimension choice => new OptionAxis(
            text => choice.Index(text), -0.5, choice.Choices.Count - 0.5, [.. choice.Choices.Select((value, index) => ((double)index, value))], IsLog: false),
        RangeDimension range when range.IsLog => Ranged(range, Math.Log10, [.. Decades(range.Low, range.High)]),
        RangeDimension range => Ranged(range, value => value, [.. Steps(range.Low, range.High)]),
        _ => throw new NotSupportedException($"There is no axis for {dimension.GetType().Name}."),
    };

    private static OptionAxis Ranged(RangeDimension range, Func<double, double> place, double[] ticks)
    {
        var (from, to) = (place(range.Low), place(range.High));
        var margin = Margin * (to - from);
        return new OptionAxis(
            text => range.Coordinate(text) is null ? null : place(double.Parse(text, CultureInfo.InvariantCulture)),
            from - margin,
            to + margin,
            [.. ticks.Select(tick => (place(tick), tick.ToString(tick is (not 0 and < 1e-3) or >= 1e6 ? "0.##e0" : "0.######", CultureInfo.InvariantCulture)))],
            range.IsLog);
    }

    // Powers of ten, with 2 and 5 times them where they are few.
    private static IEnumerable<double> Decades(double low, double high)
    {
        double[] digits = high / low > 2e3 ? [1] : [1, 2, 5];
        for (var power = (int)Math.Floor(Math.Log10(low)); power <= Math.Log10(high); power++)
        {
            foreach (var tick in digits.Select(digit => digit * Math.Pow(10, power)).Where(tick => tick >= low * 0.999 && tick <= high * 1.001))
            {
                yield return tick;
            }
        }
    }

    private static IEnumerable<double> Steps(double low, double high)
    {
        var raw = (high - low) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = power * (raw / power <= 1 ? 1 : raw / power <= 2 ? 2 : raw / power <= 5 ? 5 : 10);
        for (var tick = Math.Ceiling(low / step) * step; tick <= high + (step * 1e-6); tick += step)
        {
            yield return tick;
        }
    }
}
