using Tastemaker.Solvers;

namespace Tastemaker.Models.Baselines;

/// <summary>
/// The working memory of similarity queries: a sum a document. A query that reaches many documents adds up without looking and then walks over
/// all of them; one that reaches few notes which, so that it costs no more than it touches. Used by one thread at a time.
/// </summary>
internal sealed class SparseAccumulator(int documents)
{
    private readonly float[] sums = new float[documents];
    private readonly bool[] touched = new bool[documents];
    private readonly int[] found = new int[documents];
    private readonly float[] values = new float[documents];
    private int count;
    private bool reachesMany;

    /// <summary>Begins a query.</summary>
    /// <param name="entries">How many entries will be added in all.</param>
    public void Begin(long entries)
    {
        reachesMany = entries >= sums.Length;
        count = 0;
    }

    /// <summary>Adds <c>scale * weights</c> to the sums of some documents; without weights, each counts 1.</summary>
    public void Add(ReadOnlySpan<int> entries, ReadOnlySpan<float> weights, float scale)
    {
        SparseWeights.Scatter(entries, weights, scale, sums);
        if (reachesMany)
        {
            return;
        }

        foreach (var document in entries)
        {
            if (!touched[document])
            {
                touched[document] = true;
                found[count++] = document;
            }
        }
    }

    /// <summary>The documents with the largest positive similarity, ascending, and leaves the memory clear for the next query.</summary>
    /// <param name="most">Documents to keep.</param>
    /// <param name="similarity">The similarity of a document with a sum that is not 0; where the sum is 0 there is none.</param>
    public (int[] Documents, float[] Similarities) Take(int most, Func<int, float, float> similarity)
    {
        var kept = reachesMany ? TakeAll(similarity) : TakeTouched(similarity);
        var length = LargestEntries.Keep(found.AsSpan(0, kept), values.AsSpan(0, kept), most);
        return (found[..length], values[..length]);
    }

    private int TakeAll(Func<int, float, float> similarity)
    {
        var kept = 0;
        for (var document = 0; document < sums.Length; document++)
        {
            var value = sums[document] == 0 ? 0 : similarity(document, sums[document]);
            if (value > 0)
            {
                (found[kept], values[kept]) = (document, value);
                kept++;
            }
        }

        Array.Clear(sums);
        return kept;
    }

    private int TakeTouched(Func<int, float, float> similarity)
    {
        var kept = 0;
        for (var entry = 0; entry < count; entry++)
        {
            var document = found[entry];
            var value = sums[document] == 0 ? 0 : similarity(document, sums[document]);
            (sums[document], touched[document]) = (0, false);
            if (value > 0)
            {
                (found[kept], values[kept]) = (document, value);
                kept++;
            }
        }

        return kept;
    }
}
