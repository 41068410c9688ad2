using System.Globalization;
using System.Text.RegularExpressions;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>
/// Sparse rows: LIBSVM's <c>label index:value ...</c> is one set of weighted categories, LIBFFM's <c>label field:index:value ...</c> one for each field.
/// Labels are 1 and 0, or +1 and -1. What stands behind a # is a comment.
/// </summary>
internal static partial class SparseFormat
{
    // A delimiter that cannot occur makes every line one field.
    private const string Unused = "\u0001";

    private const string Number = @"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?";

    private const string Svm = $"^[-+]?[01](\\.0*)?([ \t]+[0-9]+:{Number})*[ \t\r]*(#.*)?$";

    private const string Ffm = $"^[-+]?[01](\\.0*)?([ \t]+[0-9]+:[0-9]+:{Number})*[ \t\r]*(#.*)?$";

    /// <summary>The layout that a file can hardly be other than; null where there is none.</summary>
    public static DataFormat? Recognize(string path)
    {
        // The last line may be cut off.
        var lines = SourceFile.Decode(SourceFile.Peek(path)).Split('\n')[..^1].Where(line => line.Trim().Length > 0).ToList();
        return !lines.Exists(line => line.Contains(':', StringComparison.Ordinal)) ? null
            : lines.TrueForAll(line => SvmLine().IsMatch(line)) ? DataFormat.Libsvm
            : lines.TrueForAll(line => FfmLine().IsMatch(line)) ? DataFormat.Libffm
            : null;
    }

    public static ImportSource Open(DuckDbSession session, IReadOnlyList<string> files, DataFormat format, DataOptions options)
    {
        var file = options.FileColumn is { } name ? $", {DuckDbSession.Name(name)}" : "";
        var compression = files.Select(SourceFile.Compression).Distinct().ToList();
        var text = compression.Count == 1
            ? TabularFormat.WithFileColumn(new DelimitedRelation(files, new Dialect(Unused, "", false, "utf-8", compression[0], ["line"])), options)
            : throw new InputException($"{string.Join(", ", files)} are partly gzip and partly not. Files that are read together must agree.");
        Check(session, text, format);
        var tokens = $"(SELECT string_split_regex(trim(regexp_replace(line, '#.*', ''), ' \t\r'), '[ \t]+') AS tokens{file} FROM {text.From(Relation.Untyped)} WHERE trim(line, ' \t\r') <> '')";
        var features = format == DataFormat.Libsvm
            ? ["array_to_string(tokens[2:], ' ') AS features"]
            : Fields(session, tokens).Select(field => $"array_to_string([token[{field.Length + 2}:] FOR token IN tokens[2:] IF starts_with(token, '{field}:')], ' ') AS field{field}");
        var relation = QueryRelation.Describe(
            session,
            text.Label,
            $"(SELECT CASE WHEN starts_with(tokens[1], '-') THEN '0' ELSE tokens[1] END AS label, {string.Join(", ", features)}{file} FROM {tokens})");
        return new ImportSource
        {
            Format = format,
            Layout = format == DataFormat.Libsvm ? "LIBSVM rows" : "LIBFFM rows",
            Name = SourceFile.Stem(files[0]),
            Interactions = relation,
            Label = "label",
            Known = relation.Columns.Skip(1).ToDictionary(column => column.Name, column => column.Name == options.FileColumn
                ? new FeaturePlan(column, FeatureKind.Categorical)
                : new FeaturePlan(column, FeatureKind.MultiCategorical, " ", Weighted: true)),
        };
    }

    private static List<string> Fields(DuckDbSession session, string tokens)
    {
        var fields = session.Rows($"SELECT DISTINCT CAST(split_part(token, ':', 1) AS BIGINT) AS field FROM (SELECT unnest(tokens[2:]) AS token FROM {tokens}) ORDER BY field");
        return fields.Count > 0 ? fields.ConvertAll(field => field[0]!) : throw new InputException("The rows have labels and no field.");
    }

    private static void Check(DuckDbSession session, DelimitedRelation text, DataFormat format)
    {
        try
        {
            var pattern = format == DataFormat.Libsvm ? Svm : Ffm;
            var odd = session.Rows(
                $"SELECT min(n), arg_min(line, n), count(*) FROM (SELECT row_number() OVER () AS n, line FROM {text.From(Relation.Untyped)}) " +
                $"WHERE trim(line, ' \t\r') <> '' AND NOT regexp_matches(line, {DuckDbSession.Literal(pattern)})")[0];
            if (odd[0] is not null)
            {
                var more = long.Parse(odd[2]!, CultureInfo.InvariantCulture) - 1;
                throw new InputException($"{text.Label}, row {odd[0]}: '{odd[1]}' is no row of {(format == DataFormat.Libsvm ? "LIBSVM (label index:value ...)" : "LIBFFM (label field:index:value ...)")} " +
                    $"with a label of 0, 1 or -1{(more > 0 ? $"; {more:N0} more rows like it" : "")}.");
            }
        }
        catch (QueryFailedException failure)
        {
            throw text.Explain(failure, session, Relation.Untyped);
        }
    }

    [GeneratedRegex(Svm)]
    private static partial Regex SvmLine();

    [GeneratedRegex(Ffm)]
    private static partial Regex FfmLine();
}
