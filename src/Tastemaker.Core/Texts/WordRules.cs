namespace Tastemaker.Texts;

/// <summary>Which words of documents are known.</summary>
internal sealed record WordRules
{
    /// <summary>Number of words at most, those with the largest sum of tf-idf over the training documents; null for all.</summary>
    public int? Words { get; init; }

    /// <summary>Training documents that must hold a word.</summary>
    public int MinimumCount { get; init; } = 1;

    /// <summary>Share of the training documents that may hold a word at most.</summary>
    public decimal MaximumShare { get; init; } = 1;

    /// <summary>Words never known.</summary>
    public StopWords StopWords { get; init; }
}

/// <summary>Words that are left out because they say nothing of what a text is about.</summary>
internal enum StopWords
{
    /// <summary>None.</summary>
    None,

    /// <summary>English articles, pronouns, prepositions, conjunctions, auxiliary verbs and their short forms.</summary>
    English,
}
