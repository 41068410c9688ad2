using System.Globalization;

namespace Tastemaker.Data.Import.Columns;

/// <summary>
/// The order of a vocabulary: ascending where every identifier is a whole number (reference protocols break ties by the lower identifier),
/// otherwise as they came.
/// </summary>
internal static class IdOrder
{
    /// <summary>Identifiers in vocabulary order, and for each old index its new one; null where nothing moves.</summary>
    public static (string[] Ids, int[]? Map) Sort(string[] ids)
    {
        var numbers = new long[ids.Length];
        for (var index = 0; index < ids.Length; index++)
        {
            if (!IsPlainInteger(ids[index], out numbers[index]))
            {
                return (ids, null);
            }
        }

        var order = Enumerable.Range(0, ids.Length).ToArray();
        Array.Sort(numbers, order);
        var map = new int[ids.Length];
        var sorted = new string[ids.Length];
        for (var rank = 0; rank < order.Length; rank++)
        {
            sorted[rank] = ids[order[rank]];
            map[order[rank]] = rank;
        }

        return (sorted, map);
    }

    /// <summary>Categories in an order that does not depend on the order of rows: by number where all are whole numbers, else ordinal.</summary>
    public static (string[] Ids, int[] Map) SortCategories(string[] ids)
    {
        var (sorted, map) = Sort(ids);
        if (map is not null)
        {
            return (sorted, map);
        }

        sorted = [.. ids];
        var order = Enumerable.Range(0, ids.Length).ToArray();
        Array.Sort(sorted, order, StringComparer.Ordinal);
        map = new int[ids.Length];
        for (var rank = 0; rank < order.Length; rank++)
        {
            map[order[rank]] = rank;
        }

        return (sorted, map);
    }

    /// <summary>Replaces old indexes by new ones.</summary>
    public static void Apply(int[]? map, Span<int> indexes)
    {
        if (map is null)
        {
            return;
        }

        foreach (ref var index in indexes)
        {
            index = map[index];
        }
    }

    /// <summary>Whether a text is a whole number in its only spelling: "7", not "07", "+7" or "7.0".</summary>
    private static bool IsPlainInteger(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
        && text[0] != '+' && (text[0] == '0' ? text.Length == 1 : text[0] != '-' || text[1] != '0');
}
