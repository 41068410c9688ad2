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
