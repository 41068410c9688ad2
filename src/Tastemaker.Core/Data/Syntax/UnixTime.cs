using System.Globalization;

namespace Tastemaker.Data.Syntax;

/// <summary>Moments in Unix seconds, as text.</summary>
internal static class UnixTime
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM", "yyyy", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-dd HH:mm:ss"];

    /// <summary>Seconds for an ISO date or time (UTC unless it says otherwise), a year, or Unix seconds; null for anything else.</summary>
    public static long? Parse(string text) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.ToUnixTimeSeconds()
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    /// <summary>The date, with the time where it is not midnight; Unix seconds outside the years 1 to 9999.</summary>
    public static string Print(long seconds)
    {
        if (seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return seconds.ToString(CultureInfo.InvariantCulture);
        }

        var moment = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return moment.ToString(moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }
}
