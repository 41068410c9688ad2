namespace Tastemaker.Models.Baselines;

/// <summary>
/// How entries are weighted before similarities are taken. What is compared (items for ItemKNN, users for UserKNN) plays the document, the other
/// axis the term: idf = ln(documents / documents with the term).
/// </summary>
public enum TermWeighting
{
    /// <summary>Entries as they are.</summary>
    None,

    /// <summary>Entry times idf.</summary>
    TfIdf,

    /// <summary>Okapi BM25 with k1 = 1.2, b = 0.75: long documents count less.</summary>
    Bm25,
}
