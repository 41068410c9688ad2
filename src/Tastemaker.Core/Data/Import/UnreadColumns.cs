using System.Globalization;
using Tastemaker.Data.Features;
using Tastemaker.Data.Filters;
using Tastemaker.Data.Import.Columns;

namespace Tastemaker.Data.Import;

/// <summary>Columns of the interactions that are read as features although they look like more: quantities with returns among them, ratings, times.</summary>
internal static class UnreadColumns
{
    private const int MostRatings = 11;

    private const double LargestRating = 10;

    // Unix times from 1990 on, in seconds or finer.
    private const double SmallestTime = 6.3e8;

    private static readonly HashSet<string> Quantities = ["quantity", "qty", "amount", "units", "unitssold", "orderquantity", "orderqty", "orderedquantity", "quantityordered", "itemquantity"];

    /// <summary>Warns of returns: negative numbers in a column named like a quantity that is not the value.</summary>
    public static void NoteReturns(Dataset data, List<string> warnings)
    {
        if (data.IsLabelled)
        {
            return;
        }

        foreach (var column in Numbers(data).Where(column => Quantities.Contains(RoleNames.Plain(column.Name))))
        {
            var negative = column.Values.Count(value => value < 0);
            if (negative > 0)
            {
                warnings.Add($"Column '{column.Name}' holds {negative:N0} negative values, as returns have, but is not read as the value: these rows count as purchases like all others. "
                    + $"To add up what each user has of each item and keep what is left: --value-column {Quoted(column.Name)} --filter \"deduplicate(keep=sum)\" --filter \"min-value(1)\".");
            }
        }
    }

    /// <summary>Where users or items were named by hand, so that the file speaks another language or has names of its own, notes what looks like ratings or times and is not read as such.</summary>
    public static void Note(Dataset data, DataOptions options, bool hasValue, bool hasTime, List<string> warnings)
    {
        if (data.IsLabelled || (options.User ?? options.Item) is null)
        {
            return;
        }

        foreach (var column in Numbers(data).Where(column => !options.Features.Keys.Contains(column.Name, StringComparer.OrdinalIgnoreCase)))
        {
            if (!hasTime && options.Time is null && AreTimes(column.Values))
            {
                warnings.Add($"Column '{column.Name}' looks like times but is read as a feature. If it says when the interaction happened: --time-column {Quoted(column.Name)}.");
            }
            else if (!hasValue && options.Value is null && AreRatings(column.Values))
            {
                warnings.Add($"Column '{column.Name}' looks like ratings but is read as a feature. If it says how much the user likes the item: --value-column {Quoted(column.Name)}.");
            }
        }
    }

    /// <summary>Whether filters leave out what lies below a value, so that dislikes are gone before anything is learned.</summary>
    public static bool AreFiltered(DataOptions options, float least)
    {
        try
        {
            return FilterSyntax.ParseAll(options.Filters).Any(filter => filter is LabelByValue || (filter is MinimumValue minimum && minimum.Value >= least));
        }
        catch (InputException)
        {
            return false; // said by whoever applies them
        }
    }

    private static IEnumerable<NumericColumn> Numbers(Dataset data) => (data.InteractionFeatures?.Columns ?? []).OfType<NumericColumn>();

    private static bool AreTimes(float[] values) => values.Length > 1 && Array.TrueForAll(values, value => float.IsNaN(value) || value >= SmallestTime) && Array.Exists(values, value => !float.IsNaN(value));

    private static bool AreRatings(float[] values)
    {
        var distinct = new HashSet<float>();
        foreach (var value in values)
        {
            if (!float.IsNaN(value) && (value is < 0 or > (float)LargestRating || value * 2 != MathF.Truncate(value * 2) || (distinct.Add(value) && distinct.Count > MostRatings)))
            {
                return false;
            }
        }

        // Two values alone may say yes and no of anything.
        return distinct.Count > 2;
    }

    private static string Quoted(string name) => name.All(char.IsLetterOrDigit) ? name : string.Create(CultureInfo.InvariantCulture, $"\"{name}\"");
}
