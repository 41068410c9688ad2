namespace Tastemaker.Texts;

/// <summary>What becomes of words in a sequence that training did not teach. Stop words are left out in any case.</summary>
internal enum UnknownWords
{
    /// <summary>They are left out, and those around them become neighbors.</summary>
    Drop,

    /// <summary>They keep their place under one index of their own, the last.</summary>
    Keep,
}
