using System.Globalization;

namespace Tastemaker.Data;

/// <summary>
/// The times of interactions: whole microseconds since 1970-01-01 UTC, in 64 bits, so that seconds, milliseconds and microseconds of a source all keep their
/// order. Files, the event store and the service read times by <see cref="Parse"/>.
/// </summary>
public static class Timestamps
{
    /// <summary>Units of a time per second.</summary>
    public const long PerSecond = 1_000_000;

    /// <summary>Largest whole number of seconds that a time can hold, about the year 294,000.</summary>
    public const long MostSeconds = long.MaxValue / PerSecond;

    // A Unix number of the years 1973 to 5138 has a magnitude of its own in each of these units.
    private const double LeastMilliseconds = 1e11;
    private const double LeastMicroseconds = 1e14;
    private const double LeastNanoseconds = 1e17;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM", "yyyy",
        "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFF K",
        "yyyy-MM-ddTHH:mmK", "yyyy-MM-dd HH:mmK",
    ];

    /// <summary>The time of a date and time.</summary>
    public static long Of(DateTimeOffset moment) =>
        Math.DivRem(moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond) is var (whole, rest) && rest < 0 ? whole - 1 : whole;

    /// <summary>The time of a whole number of Unix seconds.</summary>
    /// <exception cref="OverflowException">It is more than <see cref="MostSeconds"/>.</exception>
    public static long OfSeconds(long seconds) => checked(seconds * PerSecond);

    /// <summary>Unix seconds, rounded down.</summary>
    public static long Seconds(long time) => Math.DivRem(time, PerSecond) is var (whole, rest) && rest < 0 ? whole - 1 : whole;

    /// <summary>A time as a date and time in UTC; what lies outside the calendar (years 1 to 9999) becomes its end.</summary>
    public static DateTimeOffset Moment(long time) =>
        new(Math.Clamp(time, Of(DateTimeOffset.MinValue), Of(DateTimeOffset.MaxValue)) * TimeSpan.TicksPerMicrosecond + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);

    /// <summary>
    /// Reads a time: a date, a date and time with T or a blank between them (UTC where it names no zone), or a Unix number, whose unit
    /// (seconds to nanoseconds) is told by its magnitude; null for anything else. Four digits are a year.
    /// </summary>
    public static long? Parse(string text)
    {
        if (DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var moment))
        {
            return Of(moment);
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return Math.Abs((double)whole) switch
            {
                < LeastMilliseconds => whole * PerSecond,
                < LeastMicroseconds => whole * 1_000,
                < LeastNanoseconds => whole,
                _ => whole / 1_000,
            };
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? OfNumber(number) : null;
    }

    /// <summary>The time where it is a date, with the time of day where that is not midnight; Unix seconds outside the years 1 to 9999. Reads back by <see cref="Parse"/>.</summary>
    public static string Print(long time)
    {
        if (time < Of(DateTimeOffset.MinValue) || time > Of(DateTimeOffset.MaxValue))
        {
            return Seconds(time).ToString(CultureInfo.InvariantCulture);
        }

        var moment = Moment(time);
        var format = moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : time % PerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.FFFFFFZ";
        return moment.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A time as Unix seconds, with as many decimals as it needs.</summary>
    public static string PrintSeconds(long time) => ((decimal)time / PerSecond).ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>Whether all times are whole seconds.</summary>
    internal static bool AreWholeSeconds(ReadOnlySpan<long> times)
    {
        foreach (var time in times)
        {
            if (time % PerSecond != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static long? OfNumber(double number) => Math.Abs(number) switch
    {
        < LeastMilliseconds => (long)Math.Round(number * PerSecond),
        < LeastMicroseconds => (long)Math.Round(number * 1_000),
        < LeastNanoseconds => (long)Math.Round(number),
        < long.MaxValue => (long)Math.Round(number / 1_000),
        _ => null,
    };
}
