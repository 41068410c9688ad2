using System.Globalization;

namespace Tastemaker.Serving.Events;

/// <summary>
/// Tells events that cannot have happened yet. What is dated far ahead would stay the user's newest event for as long, whatever the user does next.
/// </summary>
internal static class FutureTimes
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1); // for clocks that differ, and times without their zone

    /// <summary>What is wrong with the time of an event that is told now, with the remedy; null where nothing is.</summary>
    public static string? Problem(DateTimeOffset? time) => time > TimeProvider.System.GetUtcNow() + Tolerance
        ? $"its time, {time.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC, lies more than a day in the future. Give the time at which it happened (a Unix time in seconds or milliseconds), or leave the time out for now."
        : null;
}
