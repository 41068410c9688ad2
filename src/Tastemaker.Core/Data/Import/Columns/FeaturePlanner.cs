using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Columns;

/// <summary>Decides what the feature columns of a relation become: by option, by the layout, by name, by their values.</summary>
internal static class FeaturePlanner
{
    private static readonly HashSet<string> TextNames =
    [
        "title", "name", "description", "desc", "plot", "overview", "summary", "review", "reviewtext", "text", "body", "content", "abstract", "comment",
        "url", "image", "imageurl",
    ];

    private static readonly string[] CodeEndings = ["id", "code", "zip", "zipcode"];

    /// <summary>Plans for columns that have no role.</summary>
    /// <param name="session">Looks at values.</param>
    /// <param name="relation">The relation.</param>
    /// <param name="columns">Its columns without a role.</param>
    /// <param name="known">Kinds the layout tells.</param>
    /// <param name="options">Kinds the user tells.</param>
    /// <param name="limit">Rows looked at.</param>
    /// <param name="ofInteractions">Whether a row is an interaction, so that what each row has of its own cannot be learned from.</param>
    /// <param name="warnings">Receives what was decided against expectation.</param>
    public static IReadOnlyList<FeaturePlan> Plan(
        DuckDbSession session, Relation relation, IReadOnlyList<SourceColumn> columns, IReadOnlyDictionary<string, FeaturePlan> known,
        DataOptions options, long limit, bool ofInteractions, List<string> warnings)
    {
        var open = columns.Where(column => Declared(column, options) is null && !known.ContainsKey(column.Name)).ToList();
        var statistics = open.Zip(ColumnStatistics.Of(session, relation, open, limit)).ToDictionary(pair => pair.First, pair => pair.Second);
        var unique = ofInteractions ? RowIdentifiers.Find(session, relation, statistics, limit) : [];
        return [.. columns.Select(column =>
            Declared(column, options) is { } declared && known.GetValueOrDefault(column.Name)?.Kind != declared ? new FeaturePlan(column, declared, Separator(column)) { Numbers = DeclaredNumbers(options) }
            : known.TryGetValue(column.Name, out var plan) ? plan
            : RowIdentifiers.Why(column, statistics[column], ofInteractions, unique.Contains(column)) is { } why ? RowIdentifiers.LeaveOut(relation, column, why, warnings)
            : Recognize(relation, column, statistics[column], options, ofInteractions, warnings))];
    }

    private static NumberFormat DeclaredNumbers(DataOptions options) => options.DecimalMark == "," ? NumberFormat.DecimalComma : NumberFormat.Plain;

    private static FeatureKind? Declared(SourceColumn column, DataOptions options)
    {
        if (options.Title is { } title && string.Equals(title, column.Name, StringComparison.OrdinalIgnoreCase))
        {
            return FeatureKind.Text;
        }

        var name = options.Features.Keys.FirstOrDefault(key => string.Equals(key, column.Name, StringComparison.OrdinalIgnoreCase))
            ?? options.Features.Keys.FirstOrDefault(key => key == "*");
        return name is null ? null : FeatureKinds.Parse(options.Features[name]);
    }

    private static FeaturePlan Recognize(Relation relation, SourceColumn column, ColumnStatistics statistics, DataOptions options, bool ofInteractions, List<string> warnings)
    {
        if (column.IsNested || statistics.Filled == 0)
        {
            // Of interactions, the import says how to read nested columns.
            warnings.AddRange(column.IsNested && ofInteractions ? [] : [$"Column '{column.Name}' of {relation.Label} {(column.IsNested ? "holds objects, which features cannot be made of" : "is empty")}; it is ignored."]);
            return new FeaturePlan(column, FeatureKind.Ignore);
        }

        var numbers = column.IsText ? NumberText.Recognize(statistics, options.DecimalMark, share: 1) ?? NumberFormat.Plain : NumberFormat.Plain;
        var kind = numbers is NumberFormat.GroupedByComma or NumberFormat.DecimalComma ? FeatureKind.Numeric : Kind(column, statistics);
        warnings.AddRange(kind == FeatureKind.Numeric && NumberText.Note(relation, column.Name, numbers) is { } note ? [note] : []);
        return new FeaturePlan(column, kind, Separator(column)) { Numbers = numbers };
    }

    /// <summary>What a column becomes by its name and values.</summary>
    public static FeatureKind Kind(SourceColumn column, ColumnStatistics statistics)
    {
        var name = RoleNames.Plain(column.Name);
        if (column.IsList)
        {
            return FeatureKind.MultiCategorical;
        }

        if (column.Type != "BOOLEAN" && statistics.IsNumeric)
        {
            var coded = statistics.IsInteger && CodeEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));
            return coded ? FeatureKind.Categorical : FeatureKind.Numeric;
        }

        if (TextNames.Contains(name) || TitleNames.IsOfThing(name) || name.EndsWith("url", StringComparison.Ordinal))
        {
            return FeatureKind.Text;
        }

        if (statistics.Piped > 0)
        {
            return FeatureKind.MultiCategorical;
        }

        var manyAndSpaced = statistics.Filled >= 20 && statistics.Distinct > statistics.Filled / 2 && statistics.Spaced > statistics.Filled / 2;
        return manyAndSpaced && !statistics.IsCalendar ? FeatureKind.Text : FeatureKind.Categorical;
    }

    private static string Separator(SourceColumn column) => column.IsList ? FeaturePlan.ListSeparator : "|";
}
