using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Texts;

/// <summary>Columns as documents: a row of words, with counts as values or repeated.</summary>
internal static class Documents
{
    /// <summary>Whether a column holds text, or words in their order.</summary>
    public static bool IsText(FeatureColumn? column) => column is TextColumn or WordSequenceColumn;

    /// <summary>The words of a column and its rows of them; texts are taken apart, once in a process.</summary>
    /// <exception cref="ArgumentException">The column has one value a row.</exception>
    public static (Vocabulary Words, SparseRows Rows) Of(FeatureColumn column) => column switch
    {
        TextColumn text when TokenizedTexts.Of(text) is var words => (words.Words, words.Values),
        WordSequenceColumn words => (words.Words, words.Values),
        MultiCategoricalColumn sets => (sets.Categories, sets.Values),
        _ => throw new ArgumentException($"The column '{column.Name}' holds no words.", nameof(column)),
    };
}
