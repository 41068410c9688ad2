using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Baselines;

/// <summary>How alike two rows are. Set measures (Jaccard, Dice, Tversky) count common entries; cosines use the weights.</summary>
public enum Similarity
{
    /// <summary>a . b / (|a| |b| + shrink).</summary>
    Cosine,

    /// <summary>a . b / (|a|^(2 alpha) |b|^(2 (1 - alpha)) + shrink), a being the row that is asked for; alpha = 1/2 is the cosine.</summary>
    AsymmetricCosine,

    /// <summary>Common entries / (entries of either + shrink).</summary>
    Jaccard,

    /// <summary>2 common entries / (entries of both, added, + shrink).</summary>
    Dice,

    /// <summary>Common entries / (common + alpha (only in a) + beta (only in b) + shrink).</summary>
    Tversky,
}

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

/// <summary>The hyper-parameters that <see cref="ItemKnn"/> and <see cref="UserKnn"/> share.</summary>
public abstract record NeighborOptions : ModelOptions
{
    /// <summary>Neighbors kept: the most similar, of equals the one with the lower index.</summary>
    [Range(1, 1_000_000)]
    [Search(5, 1000, Log = true)]
    public int Neighbors { get; init; } = 200;

    /// <summary>Added to the denominator of every similarity: distrust of pairs with little in common.</summary>
    [Range(0.0, 1e9)]
    [Search(0, 1000)]
    public double Shrink { get; init; } = 20;

    /// <summary>How similarity is measured.</summary>
    [SearchChoices("cosine", "asymmetric-cosine", "jaccard", "tversky")]
    public Similarity Similarity { get; init; } = Similarity.Cosine;

    /// <summary>Whether similarities are divided by the sizes of the rows; if not, they are what is common, divided by a positive shrink.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>How entries are weighted before similarities are taken.</summary>
    [SearchChoices]
    public TermWeighting Weighting { get; init; } = TermWeighting.None;

    /// <summary>alpha of asymmetric cosine and of Tversky.</summary>
    [Range(0.0, 2.0)]
    [Search(0, 1)]
    [OnlyWith("similarity", "asymmetric-cosine", "tversky")]
    public double Alpha { get; init; } = 0.5;

    /// <summary>beta of Tversky.</summary>
    [Range(0.0, 2.0)]
    [Search(0, 2)]
    [OnlyWith("similarity", "tversky")]
    public double Beta { get; init; } = 0.5;

    /// <summary>Whether an interaction counts its value (rating, count) rather than 1; the values of repeats are added.</summary>
    public bool UseValues { get; init; }
}
