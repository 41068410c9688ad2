using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>Keeps interactions of a stretch of time.</summary>
/// <param name="From">First second that stays (Unix), or null for no beginning.</param>
/// <param name="To">First second that no longer stays (Unix), or null for no end.</param>
public sealed record TimeRange(long? From, long? To) : DataFilter
{
    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        Check();
        NeedTimes(data);
        var (first, last) = Extent(data.Interactions.Times);
        return Retain(
            data,
            row => data.Interactions.Times[row] >= (From ?? long.MinValue) && (To is null || data.Interactions.Times[row] < To),
            $"The data goes from {UnixTime.Print(first)} to {UnixTime.Print(last)}; choose a range inside (the end is not included).");
    }

    /// <inheritdoc/>
    public override string ToString() => Call.Print("time-range", ("from", Text(From)), ("to", Text(To)));

    internal override IEnumerable<string> Problems()
    {
        if (From is null && To is null)
        {
            yield return "give from, to, or both.";
        }
        else if (From >= To)
        {
            yield return $"from ({Text(From)}) must be before to ({Text(To)}).";
        }
    }

    private static string? Text(long? seconds) => seconds is { } moment ? UnixTime.Print(moment) : null;

    private static (long First, long Last) Extent(ReadOnlySpan<long> times)
    {
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var time in times)
        {
            first = Math.Min(first, time);
            last = Math.Max(last, time);
        }

        return (first, last);
    }
}
