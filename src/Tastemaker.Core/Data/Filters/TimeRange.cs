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
        var (from, to) = (From is { } start ? Timestamps.OfSeconds(start) : long.MinValue, To is { } end ? Timestamps.OfSeconds(end) : (long?)null);
        var (first, last) = Extent(data.Interactions.Times);
        return Retain(
            data,
            row => data.Interactions.Times[row] >= from && (to is null || data.Interactions.Times[row] < to),
            $"The data goes from {Timestamps.Print(first)} to {Timestamps.Print(last)}; choose a range inside (the end is not included).");
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("time-range", ("from", Text(From)), ("to", Text(To)));

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

    private static string? Text(long? seconds) => seconds is { } moment ? Timestamps.Print(Timestamps.OfSeconds(moment)) : null;

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
