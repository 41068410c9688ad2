namespace Tastemaker.Data.Import;

/// <summary>
/// Rows that say what a user does not want: label 0, and negative values on a scale that has both signs. Systems that rank take every interaction for a like, so
/// these rows are left out unless the user names the column, which says that they are meant.
/// </summary>
internal static class Dislikes
{
    /// <summary>Leaves out the rows with label 0 of a label that was recognized by its name.</summary>
    public static Dataset WithoutLabel(Dataset data, string column, CatalogScope catalog, List<string> warnings)
    {
        var refused = data.Interactions.Values.Count(0f);
        warnings.Add($"Column '{column}' holds 0 and 1 and is taken for the label. The {refused:N0} rows with 0 were left out, because systems that rank take every interaction for a like. "
            + $"For systems that predict clicks, keep them as negatives: set label to {column} (--label-column {column}). To take all rows as interactions, set label to none.");
        return Keep(data, above: 0, isLabel: true, catalog);
    }

    /// <summary>Leaves out the rows that are dislikes by their value, or says why they stay.</summary>
    /// <param name="data">Data with values that are no labels.</param>
    /// <param name="column">The column of values.</param>
    /// <param name="asked">Whether the user has named it.</param>
    /// <param name="options">Whether items without an interaction stay in the catalog, and which filters follow.</param>
    /// <param name="warnings">Receives what was done.</param>
    public static Dataset ByValue(Dataset data, string column, bool asked, DataOptions options, List<string> warnings)
    {
        var scale = Scale.Of(data.Interactions.Values);
        var dislikes = scale.IsLabel ? scale.Negative + scale.Zero : scale.Negative;
        if (dislikes == 0 || scale.Positive == 0)
        {
            return data;
        }

        var what = scale.IsLabel ? $"Column '{column}' holds {(scale.Negative == 0 ? "0" : "-1")} and 1 alone" : $"Column '{column}' holds {scale.Negative:N0} negative and {scale.Positive:N0} positive values";
        if (asked || scale.HasFractions)
        {
            if (UnreadColumns.AreFiltered(options, least: scale.IsLabel ? 1 : 0))
            {
                return data;
            }

            warnings.Add($"{what}. Systems that predict ratings learn from all of them; systems that rank take every row for a like, the {dislikes:N0} dislikes too. "
                + $"For these, leave dislikes out with the filter min-value({(scale.IsLabel ? "1" : "0")}), or make labels with the filter label(at-least=1).");
            return data;
        }

        warnings.Add($"{what}. The {dislikes:N0} rows {(scale.IsLabel ? $"with {(scale.Negative == 0 ? "0" : "-1")}" : "below 0")} are taken for dislikes and were left out, because systems that rank take every interaction for a like. "
            + $"For systems that predict clicks, keep them as negatives: {(scale.IsLabel ? $"set label to {column} (--label-column {column})" : $"set value to {column} and the filter label(at-least=1)")}. "
            + $"For systems that predict ratings, keep them as values: set value to {column} (--value-column {column}).");
        return Keep(data, scale.IsLabel ? 0 : -1, scale.IsLabel, options.Catalog);
    }

    private static Dataset Keep(Dataset data, float above, bool isLabel, CatalogScope catalog)
    {
        var values = data.Interactions.Values.ToArray();
        var rows = Enumerable.Range(0, values.Length).Where(row => values[row] > above).ToArray();
        var kept = data.Restrict(rows, "dislikes left out", shrink: catalog == CatalogScope.Interactions);
        return isLabel ? kept.WithInteractions(kept.Interactions.TakenUp(kept.AllRows())) with { IsLabelled = false } : kept;
    }

    private readonly record struct Scale(int Negative, int Zero, int Positive, bool IsLabel, bool HasFractions)
    {
        public static Scale Of(ReadOnlySpan<float> values)
        {
            var (negative, zero, positive, label, fractions) = (0, 0, 0, true, false);
            foreach (var value in values)
            {
                negative += value < 0 ? 1 : 0;
                zero += value == 0 ? 1 : 0;
                positive += value > 0 ? 1 : 0;
                label &= value is -1 or 0 or 1;
                fractions |= value != MathF.Truncate(value);
            }

            return new Scale(negative, zero, positive, label, fractions);
        }
    }
}
