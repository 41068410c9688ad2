using System.Globalization;

namespace Tastemaker.Data.Import.Columns;

/// <summary>Brings times of any unit to <see cref="Timestamps"/>.</summary>
internal static class TimeScale
{
    private const string OnlyOrder = "they serve as an order only";

    private const long OrderScale = 1_000_000_000;

    /// <summary>The unit whose magnitude fits: in each unit, 1973 to 5138 does not overlap with the others.</summary>
    public static TimeUnit Recognize(double largest) => Math.Abs(largest) switch
    {
        < 1e11 => TimeUnit.Seconds,
        < 1e14 => TimeUnit.Milliseconds,
        < 1e17 => TimeUnit.Microseconds,
        _ => TimeUnit.Nanoseconds,
    };

    /// <summary>Whole numbers to times, in place.</summary>
    /// <exception cref="InputException">Numbers are too large for their unit.</exception>
    public static void ToTimes(Span<long> numbers, TimeUnit asked, List<string> warnings)
    {
        var largest = 0.0;
        foreach (var number in numbers)
        {
            largest = Math.Max(largest, Math.Abs((double)number));
        }

        var unit = Decide(asked, largest, warnings);
        if (unit == TimeUnit.Order && largest > Timestamps.MostSeconds)
        {
            return; // an order needs no unit
        }

        var (factor, divisor) = Scale(unit);
        if (largest * factor > long.MaxValue)
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture,
                $"The times go up to {largest:G6}, which is too large for {unit.ToString().ToLowerInvariant()}. Set the option time-unit to a smaller unit, or to order."));
        }

        var dropped = 0L;
        foreach (ref var number in numbers)
        {
            dropped += number % divisor != 0 ? 1 : 0;
            number = FloorDivide(number, divisor) * factor;
        }

        NoteDropped(dropped, warnings);
    }

    /// <summary>Fractional numbers to times; fractions that are no clock at all keep their order.</summary>
    public static long[] ToTimes(double[] numbers, TimeUnit asked, List<string> warnings)
    {
        var largest = numbers.Length == 0 ? 0 : numbers.Max(Math.Abs);
        var order = asked == TimeUnit.Order || (asked == TimeUnit.Auto && largest < 1e6);
        if (order)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"The times are fractions up to {largest:G6}, no Unix times: {OnlyOrder} (multiplied by 10^9)."));
        }

        var (factor, divisor) = order ? (OrderScale, 1) : Scale(Decide(asked, largest, warnings));
        if (largest * factor / divisor > long.MaxValue)
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture,
                $"The times go up to {largest:G6}, which is too large for their unit. Set the option time-unit."));
        }

        var times = new long[numbers.Length];
        for (var row = 0; row < times.Length; row++)
        {
            // Rounded, not floored: a decimal fraction of a second is seldom exact in binary.
            times[row] = (long)Math.Round(numbers[row] * factor / divisor);
        }

        return times;
    }

    /// <summary>Whether the warnings of an import say that its times are no clock.</summary>
    public static bool AreOnlyOrder(IEnumerable<string> warnings) => warnings.Any(warning => warning.Contains(OnlyOrder, StringComparison.Ordinal));

    private static TimeUnit Decide(TimeUnit asked, double largest, List<string> warnings)
    {
        if (asked != TimeUnit.Auto)
        {
            return asked;
        }

        var unit = Recognize(largest);
        if (unit != TimeUnit.Seconds)
        {
            warnings.Add($"The times were read as Unix {unit.ToString().ToLowerInvariant()}, by their size. If they are not, set the option time-unit.");
        }

        return unit;
    }

    private static (long Factor, long Divisor) Scale(TimeUnit unit) => unit switch
    {
        TimeUnit.Milliseconds => (1_000, 1),
        TimeUnit.Microseconds => (1, 1),
        TimeUnit.Nanoseconds => (1, 1_000),
        _ => (Timestamps.PerSecond, 1),
    };

    private static void NoteDropped(long dropped, List<string> warnings)
    {
        if (dropped > 0)
        {
            warnings.Add($"Times are kept in whole microseconds: {dropped:N0} rows lost a fraction of one; rows of one microsecond stay in source order.");
        }
    }

    private static long FloorDivide(long value, long divisor)
    {
        var quotient = value / divisor;
        return value % divisor < 0 ? quotient - 1 : quotient;
    }
}
