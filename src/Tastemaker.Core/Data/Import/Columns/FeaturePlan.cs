using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Columns;

/// <summary>How a source column becomes a feature.</summary>
/// <param name="Column">The column of the source.</param>
/// <param name="Kind">What it becomes.</param>
/// <param name="Separator">What stands between the categories of a multi-categorical column.</param>
/// <param name="Weighted">Whether each of these is followed by a colon and its weight.</param>
internal sealed record FeaturePlan(SourceColumn Column, FeatureKind Kind, string Separator = "|", bool Weighted = false)
{
    /// <summary>Stands between the entries of list columns, which can hold any printable character.</summary>
    public const string ListSeparator = "\u001f";

    /// <summary>How the numbers of a numeric column of text are written.</summary>
    public NumberFormat Numbers { get; init; }

    /// <summary>The SQL expression that is read.</summary>
    public string Sql => Kind switch
    {
        FeatureKind.Numeric when Column.IsText => NumberText.Sql(DuckDbSession.Name(Column.Name), Numbers),
        FeatureKind.Numeric => NumberText.Single(DuckDbSession.Name(Column.Name)),
        _ when Column.IsList => $"array_to_string({DuckDbSession.Name(Column.Name)}, chr(31))",
        _ => $"CAST({DuckDbSession.Name(Column.Name)} AS VARCHAR)",
    };

    /// <summary>The kind as users write it.</summary>
    public static string InWords(FeatureKind kind) => kind switch
    {
        FeatureKind.Ignore => "ignore",
        FeatureKind.Categorical => "categorical",
        FeatureKind.MultiCategorical => "multi-categorical",
        FeatureKind.Numeric => "numeric",
        _ => "text",
    };
}
