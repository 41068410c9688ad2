using System.Globalization;

namespace Tastemaker.Data.Import.Columns;

/// <summary>Brings times to Unix seconds.</summary>
internal static class TimeScale
{
    private const long OrderScale = 1_000_000_000;

    /// <summary>The unit whose magnitude fits: in each unit, 1973 to 5138 does not overlap with the others.</summary>
    public static TimeUnit Recognise(double largest) => Math.Abs(largest) switch
    {
        < 1e11 => TimeUnit.Seconds,
        < 1e14 => TimeUnit.Milliseconds,
        < 1e17 => TimeUnit.Microseconds,
        _ => TimeUnit.Nanoseconds,
    };

    /// <summary>Whole numbers to seconds, in place.</summary>
    public static void ToSeconds(Span<long> times, TimeUnit asked, List<string> warnings)
    {
        var largest = 0.0;
        foreach (var time in times)
        {
            largest = Math.Max(largest, Math.Abs((double)time));
        }

        var divisor = Divisor(Decide(asked, largest, warnings));
        if (divisor > 1)
        {
            foreach (ref var time in times)
            {
                time = FloorDivide(time, divisor);
            }
        }
    }

    /// <summary>Fractional numbers to seconds; fractions that are no clock at all keep their order.</summary>
    public static long[] ToSeconds(double[] times, TimeUnit asked, List<string> warnings)
    {
        var largest = times.Length == 0 ? 0 : times.Max(Math.Abs);
        var order = asked == TimeUnit.Order || (asked == TimeUnit.Auto && largest < 1e6);
        if (order)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"The times are fractions up to {largest:G6}, no Unix times: they serve as an order only (multiplied by 10^9)."));
        }

        var divisor = order ? 1 : Divisor(Decide(asked, largest, warnings));
        var seconds = new long[times.Length];
        var dropped = 0L;
        for (var row = 0; row < times.Length; row++)
        {
            var value = order ? times[row] * OrderScale : times[row] / divisor;
            seconds[row] = (long)Math.Floor(value);
            dropped += !order && Math.Floor(value) != value ? 1 : 0;
        }

        if (dropped > 0)
        {
            warnings.Add($"Times are kept in whole seconds: {dropped:N0} rows lost a fraction of a second; rows of one second stay in source order.");
        }

        return seconds;
    }

    private static TimeUnit Decide(TimeUnit asked, double largest, List<string> warnings)
    {
        if (asked != TimeUnit.Auto)
        {
            return asked;
        }

        var unit = Recognise(largest);
        if (unit != TimeUnit.Seconds)
        {
            warnings.Add($"The times look like Unix {unit.ToString().ToLowerInvariant()} and were converted to seconds. If they are not, set the time unit.");
        }

        return unit;
    }

    private static long Divisor(TimeUnit unit) => unit switch
    {
        TimeUnit.Milliseconds => 1_000,
        TimeUnit.Microseconds => 1_000_000,
        TimeUnit.Nanoseconds => 1_000_000_000,
        _ => 1,
    };

    private static long FloorDivide(long value, long divisor)
    {
        var quotient = value / divisor;
        return value % divisor < 0 ? quotient - 1 : quotient;
    }
}
