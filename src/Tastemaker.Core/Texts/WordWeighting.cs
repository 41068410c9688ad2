namespace Tastemaker.Texts;

/// <summary>What a word that a document holds c times weighs in its bag.</summary>
internal enum WordWeighting
{
    /// <summary>c.</summary>
    Count,

    /// <summary>1.</summary>
    Binary,

    /// <summary>ln(1 + c).</summary>
    Log,

    /// <summary>c ln(N / n), where n of the N training documents hold the word.</summary>
    TfIdf,
}
