using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>
/// UCI's Anonymous Microsoft Web Data, where the first letter of a line says what it is: A an area (the items), C a case (a user), V a vote of
/// the case above. DuckDB reads the lines as one column and SQL takes them apart.
/// </summary>
internal static class MsWebFormat
{
    // A delimiter that cannot occur makes every line one field.
    private const string Unused = "\u0001";

    /// <summary>Whether a file starts as a DST file does.</summary>
    public static bool IsOne(string path) =>
        !Directory.Exists(path) && SourceFile.Decode(SourceFile.Peek(path)).StartsWith("I,4,\"www.microsoft.com\"", StringComparison.Ordinal);

    public static ImportSource Open(DuckDbSession session, string path)
    {
        var lines = new DelimitedRelation([path], new Dialect(Unused, "", false, "utf-8", SourceFile.Compression(path), ["line"]));
        try
        {
            session.Execute($"CREATE OR REPLACE TEMP TABLE dst AS SELECT row_number() OVER () AS n, line FROM {lines.From(Relation.Untyped)}");
        }
        catch (QueryFailedException failure)
        {
            throw lines.Explain(failure, session, Relation.Untyped);
        }

        Check(session, path);
        var visits =
            "(SELECT user_id, string_split(line, ',')[2] AS item_id FROM (SELECT n, line, last_value(CASE WHEN line LIKE 'C,%' " +
            "THEN string_split(line, ',')[3] END IGNORE NULLS) OVER (ORDER BY n) AS user_id FROM dst) WHERE line LIKE 'V,%' ORDER BY n)";
        var areas =
            "(SELECT string_split(line, ',')[2] AS item_id, regexp_extract(line, '^A,[^,]*,[^,]*,\"([^\"]*)\",\"([^\"]*)\"', 1) AS title, " +
            "regexp_extract(line, '^A,[^,]*,[^,]*,\"([^\"]*)\",\"([^\"]*)\"', 2) AS url FROM dst WHERE line LIKE 'A,%' ORDER BY n)";
        return new ImportSource
        {
            Format = DataFormat.MsWeb,
            Layout = "Microsoft Web (DST) lines",
            Name = SourceFile.Stem(path),
            Interactions = QueryRelation.Describe(session, path, visits),
            Items = EntitySource.ByFirstColumn(QueryRelation.Describe(session, path, areas)),
        };
    }

    private static void Check(DuckDbSession session, string path)
    {
        var odd = session.Rows("SELECT n, line FROM dst WHERE NOT regexp_matches(line, '^(I,|T,|N,|A,[0-9]+,|C,\"[^\"]*\",[0-9]+|V,[0-9]+,)') ORDER BY n");
        if (odd.Count > 0)
        {
            throw new InputException($"{path}, line {odd[0][0]}: '{odd[0][1]}' is no line of DST data{(odd.Count > 1 ? $"; {odd.Count - 1:N0} more lines like it" : "")}.");
        }
    }
}
