namespace Tastemaker.Recommending;

/// <summary>
/// Who or what asks for a recommendation, in the identifiers of the user's own data. Give a known user, or a history, or both (the history
/// then replaces the stored one). Systems that read features or content use those too; a system that cannot read what a request consists
/// of answers with a fallback and says so in <see cref="RecommendationList.Strategy"/>.
/// </summary>
public sealed record Request
{
    /// <summary>Identifier of a user the system was trained on, or null.</summary>
    public string? User { get; init; }

    /// <summary>Identifiers of items, oldest first; null to use the user's stored history.</summary>
    public IReadOnlyList<string>? History { get; init; }

    /// <summary>
    /// What has happened since the data that the recommender was trained on, oldest first: it continues the given history or else the user's stored one, whose values and times
    /// stay known. Systems that follow users over time advance the user's state by it.
    /// </summary>
    public IReadOnlyList<RequestEvent>? Events { get; init; }

    /// <summary>Features of the user or of the context, by name.</summary>
    public IReadOnlyDictionary<string, string>? Features { get; init; }

    /// <summary>Content the request is about (a text, or a path to a file), for systems that read content.</summary>
    public string? Content { get; init; }

    /// <summary>A request by a known user.</summary>
    public static Request ForUser(string user) => new() { User = user };

    /// <summary>A request by someone of whom only a history is known.</summary>
    public static Request ForHistory(params IReadOnlyList<string> history) => new() { History = history };
}
