using Tastemaker.Solvers;

namespace Tastemaker.Models.Baselines;

/// <summary>The working memory of one similarity query: a sum a document, and which documents have one. Used by one thread at a time.</summary>
internal sealed class Query(int documents)
{
    private readonly float[] sums = new float[documents];
    private readonly bool[] touched = new bool[documents];
    private readonly int[] found = new int[documents];
    private readonly float[] values = new float[documents];
    private int count;

    /// <summary>Adds <c>scale * weights</c> to the sums of some documents.</summary>
    public void Add(ReadOnlySpan<int> entries, ReadOnlySpan<float> weights, float scale)
    {
        for (var entry = 0; entry < entries.Length; entry++)
        {
            var document = entries[entry];
            sums[document] += scale * weights[entry];
            if (!touched[document])
            {
                touched[document] = true;
                found[count++] = document;
            }
        }
    }

    /// <summary>The documents with the largest positive similarity, ascending, and leaves the memory clear for the next query.</summary>
    public (int[] Documents, float[] Similarities) Take(int most, Func<int, float, float> similarity)
    {
        var kept = 0;
        for (var entry = 0; entry < count; entry++)
        {
            var document = found[entry];
            var value = similarity(document, sums[document]);
            (sums[document], touched[document]) = (0, false);
            if (value > 0)
            {
                (found[kept], values[kept++]) = (document, value);
            }
        }

        count = 0;
        var length = LargestEntries.Keep(found.AsSpan(0, kept), values.AsSpan(0, kept), most);
        return (found[..length], values[..length]);
    }
}
