using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Reading;
using Tastemaker.Naming;

namespace Tastemaker.Data.Import;

/// <summary>Takes the titles of items from the column that the user names, in the file of items or in the interactions.</summary>
internal static class ItemTitles
{
    /// <summary>The data set with its titles; as it is where no column is named.</summary>
    /// <exception cref="InputException">There is no such column of texts.</exception>
    public static Dataset Name(Dataset data, DataOptions options, List<string> warnings)
    {
        if (options.Title is not { } name)
        {
            return data;
        }

        if (data.ItemFeatures?.Find(name) is TextColumn known)
        {
            return data with { TitleFeature = known.Name };
        }

        var texts = (data.ItemFeatures?.Columns ?? []).Concat(data.InteractionFeatures?.Columns ?? []).OfType<TextColumn>().Select(column => column.Name).ToList();
        if (data.InteractionFeatures?.Find(name) is not TextColumn column)
        {
            throw new InputException($"There is no column '{name}' of texts to be the titles of items, which the option title names.{NearestName.DidYouMean(name, texts)} "
                + (texts.Count == 0 ? "The data has no columns of texts besides users, items, values and times." : $"There are {string.Join(", ", texts)}."));
        }

        var rows = DependentColumns.UsualText(column, data.Interactions.Items, data.Items.Count, out var exceptions);
        if (exceptions > 0)
        {
            warnings.Add($"Column '{column.Name}' differs from the usual title of the item in {exceptions:N0} of {column.RowCount:N0} rows; each item has the title of most of its rows.");
        }

        var rest = data.InteractionFeatures.Columns.Where(other => other != column).ToList();
        return data with
        {
            ItemFeatures = new FeatureTable(data.Items.Count, [.. data.ItemFeatures?.Columns ?? [], EntityReader.Place(column, rows)]),
            InteractionFeatures = rest.Count == 0 ? null : new FeatureTable(data.InteractionFeatures.RowCount, rest),
            TitleFeature = column.Name,
        };
    }
}
