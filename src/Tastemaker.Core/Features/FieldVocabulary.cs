using System.IO.Hashing;
using System.Text;
using Tastemaker.Data;

namespace Tastemaker.Features;

/// <summary>
/// The categories of a field: index 0 is every category that is missing or was too rare in training, the known ones follow. Or hashed: any text
/// has an index, and some share one.
/// </summary>
/// <param name="Known">The known categories in index order from 1; empty where hashed.</param>
/// <param name="Buckets">Number of buckets of a hashed field; 0 where there is a list.</param>
internal sealed record FieldVocabulary(Vocabulary Known, int Buckets)
{
    /// <summary>Number of indexes, the unknown's included.</summary>
    public int Size => 1 + (Buckets > 0 ? Buckets : Known.Count);

    /// <summary>A hashed vocabulary.</summary>
    public static FieldVocabulary Hashed(int buckets) => new(Vocabulary.Empty, buckets);

    /// <summary>The categories that occur often enough, in their order.</summary>
    /// <param name="categories">All categories.</param>
    /// <param name="counts">Training rows that hold each.</param>
    /// <param name="minimumCount">Least number of rows.</param>
    public static FieldVocabulary Of(Vocabulary categories, ReadOnlySpan<int> counts, int minimumCount)
    {
        var known = new List<string>();
        for (var category = 0; category < categories.Count; category++)
        {
            if (counts[category] >= minimumCount)
            {
                known.Add(categories[category]);
            }
        }

        return new FieldVocabulary(new Vocabulary(known), 0);
    }

    /// <summary>The index of a category; 0 where missing or unknown. The same on every machine.</summary>
    public int IndexOf(string? category)
    {
        if (category is null)
        {
            return 0;
        }

        return Buckets > 0 ? 1 + (int)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(category)) % (ulong)Buckets) : 1 + Known.IndexOf(category);
    }

    /// <summary>The index of each category of a column, to translate its rows.</summary>
    public int[] Translation(Vocabulary categories) => [.. categories.Ids.Select(IndexOf)];
}
