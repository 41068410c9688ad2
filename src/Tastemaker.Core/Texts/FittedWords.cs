using Tastemaker.Data;

namespace Tastemaker.Texts;

/// <summary>The words that training documents taught.</summary>
/// <param name="Known">The words: those of more documents first, equal ones in ordinal order.</param>
/// <param name="InverseFrequencies">ln(N / n) of each word, where n of N training documents hold it.</param>
/// <param name="DocumentCount">N.</param>
internal sealed record FittedWords(Vocabulary Known, float[] InverseFrequencies, int DocumentCount);
