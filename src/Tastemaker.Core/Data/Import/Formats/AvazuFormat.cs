using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>
/// The Click-Through Rate Prediction challenge of Avazu. The hour (YYMMDDHH) becomes the time and two features, hour_of_day and weekday; the id of
/// the row is left out; everything else is a category, whatever its digits.
/// </summary>
internal static class AvazuFormat
{
    private const string Start = "id,click,hour,C1,banner_pos";

    /// <summary>Whether a file has the names of Avazu's columns.</summary>
    public static bool IsOne(string path) => SourceFile.Decode(SourceFile.Peek(path)).StartsWith(Start, StringComparison.Ordinal);

    public static ImportSource Open(DuckDbSession session, IReadOnlyList<string> files, DataOptions options)
    {
        var odd = files.FirstOrDefault(file => !IsOne(file));
        if (odd is not null)
        {
            throw new InputException($"{odd} is to be of Avazu's layout, but does not begin with {Start}{(SourceFile.Decode(SourceFile.Peek(odd)).StartsWith("id,hour", StringComparison.Ordinal) ? ": it is the published test part, without labels" : "")}.");
        }

        var text = TabularFormat.WithFileColumn(TabularFormat.Delimited(files, new DataOptions { Delimiter = ",", Header = HeaderLine.Present }), options);
        var others = text.Columns.Skip(3).Select(column => DuckDbSession.Name(column.Name));
        var described = QueryRelation.Describe(
            session,
            text.Label,
            $"(SELECT click, moment AS time, CAST(hour(moment) AS VARCHAR) AS hour_of_day, dayname(moment) AS weekday, {string.Join(", ", others)} "
            + $"FROM (SELECT *, try_strptime('20' || hour, '%Y%m%d%H') AS moment FROM {text.From(Relation.Untyped)}))");
        return new ImportSource
        {
            Format = DataFormat.Avazu,
            Layout = $"Avazu ({text.Dialect})",
            Name = SourceFile.Stem(files[0]),
            Interactions = described with { Text = text },
            Label = "click",
            Known = described.Columns.Skip(2).ToDictionary(column => column.Name, column => new FeaturePlan(column, FeatureKind.Categorical)),
        };
    }
}
