namespace Tastemaker.Evaluation.Ranking;

/// <summary>Where the targets of one request stand: all that a ranking metric may look at.</summary>
/// <param name="groups">The places that hold targets, best first, at least as far as the largest cut-off.</param>
/// <param name="count">Number of targets, listed or not.</param>
/// <param name="discounts">At <c>k - 1</c>: the discount 1 / log2(k + 1) of place k.</param>
/// <param name="idealGains">The gains of all targets, descending; empty where no graded metric is asked for.</param>
internal readonly ref struct RankedTargets(
    ReadOnlySpan<TieGroup> groups, int count, ReadOnlySpan<double> discounts, ReadOnlySpan<double> idealGains = default)
{
    /// <summary>The places that hold targets, best first.</summary>
    public ReadOnlySpan<TieGroup> Groups { get; } = groups;

    /// <summary>Number of targets, n.</summary>
    public int Count { get; } = count;

    /// <summary>Discounts of the places.</summary>
    public ReadOnlySpan<double> Discounts { get; } = discounts;

    /// <summary>Gains of the targets, descending.</summary>
    public ReadOnlySpan<double> IdealGains { get; } = idealGains;

    /// <summary>The discounts 1 / log2(k + 1) of places 1 to <paramref name="places"/>.</summary>
    public static double[] DiscountTable(int places) => [.. Enumerable.Range(1, places).Select(place => 1 / Math.Log2(place + 1))];
}

/// <summary>
/// Neighboring places of a ranked list that hold targets: places <c>Above + 1 .. Above + Size</c>, in any order alike, hold
/// <paramref name="Targets"/> targets. A target whose place is certain is a group of size 1.
/// </summary>
/// <param name="Above">Number of candidates ranked before the group.</param>
/// <param name="Size">Number of places.</param>
/// <param name="Targets">Number of targets among them, at least 1.</param>
/// <param name="Gain">Sum of the targets' gains, for graded metrics.</param>
internal readonly record struct TieGroup(int Above, int Size, int Targets, double Gain);
