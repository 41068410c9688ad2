namespace Tastemaker.Evaluation.Ranking;

/// <summary>A heap of items with scores, the worst at the root: the lowest score, and of equal ones the highest index.</summary>
internal static class Heap
{
    /// <summary>Makes a heap of entries in any order.</summary>
    public static void Make(Span<int> items, Span<float> values)
    {
        for (var parent = (items.Length / 2) - 1; parent >= 0; parent--)
        {
            SiftDown(items, values, parent, items[parent], values[parent]);
        }
    }

    /// <summary>Puts another entry in the place of the worst.</summary>
    public static void ReplaceWorst(Span<int> items, Span<float> values, int item, float value) => SiftDown(items, values, 0, item, value);

    /// <summary>Turns a heap into a list, best first: the worst goes to the end of what is left.</summary>
    public static void Sort(Span<int> items, Span<float> values)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var (item, value) = (items[last], values[last]);
            items[last] = items[0];
            values[last] = values[0];
            SiftDown(items[..last], values[..last], 0, item, value);
        }
    }

    /// <summary>Whether an entry stands below another.</summary>
    public static bool IsWorse(float value, int item, float otherValue, int otherItem) =>
        value < otherValue || (value == otherValue && item > otherItem);

    // Puts an entry at a place or below, replacing what was there.
    private static void SiftDown(Span<int> items, Span<float> values, int hole, int item, float value)
    {
        while (true)
        {
            var child = (2 * hole) + 1;
            if (child >= items.Length)
            {
                break;
            }

            if (child + 1 < items.Length && IsWorse(values[child + 1], items[child + 1], values[child], items[child]))
            {
                child++;
            }

            if (!IsWorse(values[child], items[child], value, item))
            {
                break;
            }

            items[hole] = items[child];
            values[hole] = values[child];
            hole = child;
        }

        items[hole] = item;
        values[hole] = value;
    }
}
