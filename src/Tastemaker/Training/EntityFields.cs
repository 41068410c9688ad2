using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Options;

namespace Tastemaker.Training;

/// <summary>The fields of users and items where options name none: all columns that are no text, of sets each category counting 1.</summary>
internal static class EntityFields
{
    /// <summary>Whether there is a column that is no text.</summary>
    public static bool Has(FeatureTable? table) => table?.Columns.Any(column => column is not TextColumn) == true;

    /// <summary>The fields of items.</summary>
    /// <exception cref="InputException">There are none.</exception>
    public static IReadOnlyList<string> OfItems(Dataset data)
    {
        List<string> fields = [.. Of(data, FieldSource.Item)];
        return fields.Count > 0 ? fields : throw new InputException($"'{data.Name}' has no features of items that are no text: import a file of items with such columns, or name others in item-fields.");
    }

    /// <summary>The fields of users and items.</summary>
    /// <exception cref="InputException">There are none.</exception>
    public static IReadOnlyList<string> Of(Dataset data, IEntityFeatureOptions options)
    {
        List<string> fields =
        [
            .. options.UserFields.Count > 0 ? options.UserFields : Of(data, FieldSource.User),
            .. options.ItemFields.Count > 0 ? options.ItemFields : Of(data, FieldSource.Item),
        ];
        return fields.Count > 0 ? fields : throw new InputException(
            $"'{data.Name}' has no features of users or items that are no text: import files of users or items with such columns, or name others in user-fields and item-fields.");
    }

    private static IEnumerable<string> Of(Dataset data, FieldSource source) =>
        from column in FieldSyntax.Table(data, source)?.Columns ?? []
        where column is not TextColumn
        select $"{FieldSyntax.Prefix(source)}.{column.Name}{(column is MultiCategoricalColumn ? "(pool=sum)" : "")}";
}
