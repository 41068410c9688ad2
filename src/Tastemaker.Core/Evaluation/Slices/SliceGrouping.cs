using System.Globalization;
using Tastemaker.Data;

namespace Tastemaker.Evaluation.Slices;

/// <summary>Units by value: few enough groups to read.</summary>
internal static class SliceGrouping
{
    /// <summary>What has no value.</summary>
    public const string Missing = "(missing)";

    private const int Largest = 20;
    private const int Ranges = 5;

    /// <summary>A group a category, the largest first.</summary>
    /// <param name="categories">Names.</param>
    /// <param name="category">The category of each unit; -1 where missing.</param>
    /// <param name="units">Number of units.</param>
    public static List<(string Value, int[] Units)> ByCategory(Vocabulary categories, Func<int, int> category, int units)
    {
        var (groups, missing) = (new Dictionary<int, List<int>>(), new List<int>());
        for (var unit = 0; unit < units; unit++)
        {
            (category(unit) is >= 0 and var own ? ListOf(groups, own) : missing).Add(unit);
        }

        return Fold(categories, groups, missing);
    }

    /// <summary>A group a category; a unit is in the groups of all its categories.</summary>
    public static List<(string Value, int[] Units)> ByCategories(Vocabulary categories, SparseRows values, int[] entities)
    {
        var (groups, missing) = (new Dictionary<int, List<int>>(), new List<int>());
        for (var unit = 0; unit < entities.Length; unit++)
        {
            var own = entities[unit] < 0 ? [] : values[entities[unit]];
            foreach (var category in own)
            {
                ListOf(groups, category).Add(unit);
            }

            if (own.IsEmpty)
            {
                missing.Add(unit);
            }
        }

        return Fold(categories, groups, missing);
    }

    /// <summary>Five ranges of numbers that hold about as many units each; equal numbers are in one range.</summary>
    /// <param name="numbers">One a unit; NaN where missing.</param>
    public static List<(string Value, int[] Units)> ByNumber(float[] numbers)
    {
        var order = Enumerable.Range(0, numbers.Length).Where(unit => !float.IsNaN(numbers[unit])).OrderBy(unit => numbers[unit]).ToArray();
        var groups = new List<(string, int[])>();
        for (int start = 0, end; start < order.Length; start = end)
        {
            var range = (long)start * Ranges / order.Length;
            end = start + 1;
            while (end < order.Length && ((long)end * Ranges / order.Length == range || numbers[order[end]] == numbers[order[end - 1]]))
            {
                end++;
            }

            groups.Add((Text(numbers[order[start]], numbers[order[end - 1]]), order[start..end]));
        }

        return WithMissing(groups, [.. Enumerable.Range(0, numbers.Length).Where(unit => float.IsNaN(numbers[unit]))]);
    }

    private static List<int> ListOf(Dictionary<int, List<int>> groups, int group) =>
        groups.TryGetValue(group, out var units) ? units : groups[group] = [];

    private static List<(string Value, int[] Units)> Fold(Vocabulary categories, Dictionary<int, List<int>> groups, List<int> missing)
    {
        var ordered = groups.OrderByDescending(group => group.Value.Count).ThenBy(group => group.Key).ToArray();
        var shown = ordered.Take(Largest).Select(group => (categories[group.Key], group.Value.ToArray())).ToList();
        if (ordered.Length > Largest)
        {
            shown.Add(($"({ordered.Length - Largest} other values)", [.. ordered.Skip(Largest).SelectMany(group => group.Value).Distinct().Order()]));
        }

        return WithMissing(shown, missing);
    }

    private static List<(string Value, int[] Units)> WithMissing(List<(string Value, int[] Units)> groups, List<int> missing) =>
        missing.Count > 0 ? [.. groups, (Missing, [.. missing])] : groups;

    private static string Text(float least, float most) => least == most
        ? least.ToString("0.####", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{least:0.####} to {most:0.####}");
}
