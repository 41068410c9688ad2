using Tastemaker.Data.Features;
using Tastemaker.Naming;

namespace Tastemaker.Data.Import.Columns;

/// <summary>What became of a column of the source that is asked for as a feature of interactions and is none.</summary>
internal static class ColumnUse
{
    /// <summary>The role that a column has been given ("user", "item", "value", "time", "label"); null where it has none.</summary>
    public static string? RoleOf(Dataset data, string column) => data.RoleColumns.FirstOrDefault(role => role.Value.Equals(column, StringComparison.OrdinalIgnoreCase)).Key;

    /// <summary>A sentence, after a blank, on what the column is read as and how it becomes a feature of interactions; or the nearest name; empty where there is nothing to say.</summary>
    public static string Explain(Dataset data, string column) => RoleOf(data, column) switch
    {
        "user" or "item" => $" '{column}' is read as the {RoleOf(data, column)}, and no column is both that and a feature.",
        { } role => $" '{column}' is read as the {role}: set {role} to none to read it as a feature.",
        _ when Has(data.ItemFeatures, column) || Has(data.UserFeatures, column) =>
            $" '{column}' is a feature of {(Has(data.ItemFeatures, column) ? "items" : "users")}: if it is a column of the interactions, set column-owner to interactions to keep it one of theirs.",
        _ => NearestName.DidYouMean(column, data.InteractionFeatures?.Columns.Select(one => one.Name) ?? []),
    };

    private static bool Has(FeatureTable? table, string column) => table?.Find(column) is not null;
}
