namespace Tastemaker.Serving.Operations;

/// <summary>
/// How far the best scores of the last thousand lists are from those of the first thousand, as a population stability index over the deciles of the first: sum of
/// (p - q) ln (p / q). By custom, above 0.1 something moves, and above 0.25 it has moved. Thread-safe.
/// </summary>
internal sealed class ScoreDrift
{
    private const int Lists = 1000;
    private const int Bins = 10;

    private readonly Lock changing = new();
    private readonly float[] bounds = new float[Bins - 1];
    private readonly int[] counts = new int[Bins];
    private readonly byte[] recent = new byte[Lists];
    private float[]? first = new float[Lists];
    private int seen;

    /// <summary>The index; null before two thousand lists.</summary>
    public double? Index
    {
        get
        {
            lock (changing)
            {
                return seen < 2 * Lists ? null : counts.Sum(count =>
                {
                    // Half a list in an empty bin: a logarithm needs something.
                    var (now, then) = (Math.Max(count, 0.5) / Lists, 1.0 / Bins);
                    return (now - then) * Math.Log(now / then);
                });
            }
        }
    }

    /// <summary>Notes the best score of a list.</summary>
    public void Show(float score)
    {
        lock (changing)
        {
            if (first is not null)
            {
                first[seen++] = score;
                if (seen == Lists)
                {
                    Array.Sort(first);
                    for (var bin = 1; bin < Bins; bin++)
                    {
                        bounds[bin - 1] = first[bin * Lists / Bins];
                    }

                    first = null;
                }

                return;
            }

            var place = seen % Lists;
            if (seen >= 2 * Lists)
            {
                counts[recent[place]]--;
            }

            // Past two thousand only the place among the last thousand matters.
            seen = seen + 1 == 3 * Lists ? 2 * Lists : seen + 1;
            var found = Array.BinarySearch(bounds, score);
            recent[place] = (byte)(found >= 0 ? found + 1 : ~found);
            counts[recent[place]]++;
        }
    }
}
