namespace Tastemaker.Server.Contracts;

/// <summary>Who asks, for how many items, and which.</summary>
internal sealed record RecommendationRequest
{
    /// <summary>A user; need not be one the model was trained with.</summary>
    public string? User { get; init; }

    /// <summary>Items, oldest first; in place of what is known of the user.</summary>
    public IReadOnlyList<string>? History { get; init; }

    /// <summary>Features of the user or the context: categories by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Features { get; init; }

    /// <summary>A text the request is about, for systems that read content.</summary>
    public string? Content { get; init; }

    /// <summary>How many items; 10 if not given.</summary>
    public int? Count { get; init; }

    /// <summary>Items never to recommend.</summary>
    public IReadOnlyList<string>? Exclude { get; init; }

    /// <summary>If given, only these are ranked.</summary>
    public IReadOnlyList<string>? Candidates { get; init; }

    /// <summary>Whether items of the history may be recommended again; if not given, as is natural for the system.</summary>
    public bool? IncludeSeen { get; init; }

    /// <summary>Only items that have, of every feature named, at least one of its categories.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Where { get; init; }

    /// <summary>From 0, the best items, to 1, items unlike those above them.</summary>
    public double Diversity { get; init; }

    /// <summary>Whether each item comes with the items of the history that speak for it.</summary>
    public bool Explain { get; init; }

    /// <summary>The name of the model to ask; if not given, the one that serves.</summary>
    public string? Model { get; init; }

    /// <summary>What the answer before gave as "next", to go on after it.</summary>
    public string? Cursor { get; init; }
}
