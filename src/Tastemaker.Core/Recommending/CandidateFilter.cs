namespace Tastemaker.Recommending;

/// <summary>Which items may be recommended. Applied before ranking, so a list is never shorter than the catalog allows.</summary>
public sealed record CandidateFilter
{
    /// <summary>Whether items of the request's history may be recommended again. <value>as the system was measured: true with splits of sessions and with repeats as targets, else false</value></summary>
    public bool? IncludeSeen { get; init; }

    /// <summary>Item identifiers never to recommend; unknown ones are ignored.</summary>
    public IReadOnlyCollection<string> Exclude { get; init; } = [];

    /// <summary>If given, only these item identifiers are candidates; unknown ones are ignored.</summary>
    public IReadOnlyCollection<string>? Candidates { get; init; }
}
