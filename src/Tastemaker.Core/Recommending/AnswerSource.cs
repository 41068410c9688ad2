namespace Tastemaker.Recommending;

/// <summary>How an answer came about.</summary>
public enum AnswerSource
{
    /// <summary>The trained system, for a user it knows.</summary>
    Model,

    /// <summary>The trained system, from a history of someone it was not trained on.</summary>
    FoldIn,

    /// <summary>The trained system, from features or content.</summary>
    Content,

    /// <summary>The most popular items: the system had nothing to go by.</summary>
    Popularity,
}

/// <summary>How answer sources are spelled wherever they are written: in files, JSON, the HTTP interface and metrics.</summary>
internal static class AnswerSourceNames
{
    /// <summary>"model", "fold-in", "content" or "popularity".</summary>
    public static string Name(this AnswerSource strategy) => strategy switch
    {
        AnswerSource.Model => "model",
        AnswerSource.FoldIn => "fold-in",
        AnswerSource.Content => "content",
        _ => "popularity",
    };
}
