namespace Tastemaker.Texts;

/// <summary>Words that are left out because they say nothing of what a text is about.</summary>
internal enum StopWords
{
    /// <summary>None.</summary>
    None,

    /// <summary>English articles, pronouns, prepositions, conjunctions, auxiliary verbs and their short forms.</summary>
    English,
}
