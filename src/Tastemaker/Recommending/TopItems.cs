namespace Tastemaker.Recommending;

/// <summary>The best items of one list of scores.</summary>
internal static class TopItems
{
    /// <summary>The <paramref name="count"/> best item indexes, best first, equal scores by index.</summary>
    public static int[] Select(ReadOnlySpan<float> scores, int count)
    {
        var order = new int[scores.Length];
        var keys = new float[scores.Length];
        for (var item = 0; item < order.Length; item++)
        {
            (order[item], keys[item]) = (item, scores[item]);
        }

        Array.Sort(order, (left, right) => keys[left] != keys[right] ? keys[right].CompareTo(keys[left]) : left.CompareTo(right));
        return order[..count];
    }
}
