using System.Globalization;

namespace Tastemaker.Data;

/// <summary>Times that look wrong: what an import warns of and an inspection shows.</summary>
internal static class TimeChecks
{
    private const long Year1980 = 315_532_800 * Timestamps.PerSecond;

    /// <summary>A sentence for each kind of doubt, with how many rows it is of.</summary>
    /// <param name="times">The times of all rows.</param>
    /// <param name="clock">Tells which times lie in the future.</param>
    public static IReadOnlyList<string> Warnings(ReadOnlySpan<long> times, TimeProvider clock)
    {
        var warnings = new List<string>();
        var now = Timestamps.Of(clock.GetUtcNow());
        long future = 0, unset = 0, early = 0;
        foreach (var time in times)
        {
            future += time > now ? 1 : 0;
            unset += time == 0 ? 1 : 0;
            early += time != 0 && time < Year1980 ? 1 : 0;
        }

        if (future > 0)
        {
            warnings.Add($"{future:N0} rows ({Share(future, times.Length)}) lie in the future: the unit of the times may be wrong.");
        }

        if (unset > 0)
        {
            warnings.Add($"{unset:N0} rows ({Share(unset, times.Length)}) have the time 0, which often stands for unknown. Splits by time are not to be trusted.");
        }

        if (early > 0)
        {
            warnings.Add($"{early:N0} rows ({Share(early, times.Length)}) lie before 1980: the unit of the times may be wrong.");
        }

        return warnings;
    }

    private static string Share(long part, long whole) => (100.0 * part / whole).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
