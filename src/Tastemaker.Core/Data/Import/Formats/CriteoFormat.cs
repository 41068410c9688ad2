using Tastemaker.Data.Import.Columns;

namespace Tastemaker.Data.Import.Formats;

/// <summary>
/// The Display Advertising Challenge of Criteo: a label, 13 counts I1 to I13, 26 hashed categories C1 to C26, any of which may be empty. Published by
/// tabs without a header line; samples often have commas and one.
/// </summary>
internal static class CriteoFormat
{
    private const string Label = "label";

    private static readonly string[] Counts = [.. Enumerable.Range(1, 13).Select(number => $"I{number}")];

    private static readonly string[] Hashes = [.. Enumerable.Range(1, 26).Select(number => $"C{number}")];

    private static readonly string[] Names = [Label, .. Counts, .. Hashes];

    /// <summary>Whether a file has the names of Criteo's columns, or no names, and could hardly be anything else.</summary>
    public static bool IsOne(string path)
    {
        var text = SourceFile.Decode(SourceFile.Peek(path));
        // The last line may be cut off.
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
        return IsHeader(lines[0]) || (lines.Length > 1 && Array.TrueForAll(lines[..^1], IsRow));
    }

    public static ImportSource Open(IReadOnlyList<string> files, DataOptions options)
    {
        var dialects = files.Select(file => (File: file, Dialect: Dialect(file))).ToList();
        var odd = dialects.Find(other => other.Dialect.ToString() != dialects[0].Dialect.ToString());
        var relation = odd.Dialect is null ? new DelimitedRelation(files, dialects[0].Dialect) : throw new InputException(
            $"{odd.File} is {odd.Dialect}, but {files[0]} is {dialects[0].Dialect}. Files that are read together must agree.");
        return new ImportSource
        {
            Format = DataFormat.Criteo,
            Layout = $"Criteo ({relation.Dialect})",
            Name = SourceFile.Stem(files[0]),
            Interactions = TabularFormat.WithFileColumn(relation, options),
            Label = Label,
            Known = relation.Columns.Skip(1).ToDictionary(
                column => column.Name, column => new FeaturePlan(column, column.Name[0] == 'I' ? FeatureKind.Numeric : FeatureKind.Categorical)),
        };
    }

    private static Dialect Dialect(string path)
    {
        var first = SourceFile.Decode(SourceFile.Peek(path)).Split('\n', 2)[0].TrimEnd('\r');
        var (delimiter, header) = (first.Contains('\t', StringComparison.Ordinal) ? "\t" : ",", IsHeader(first));
        var width = first.Split(delimiter).Length;
        return header || width == Names.Length
            ? new Dialect(delimiter, "", header, "utf-8", SourceFile.Compression(path), Names)
            : throw new InputException($"{path} is to be of Criteo's layout, but its first line has {width} fields. {Names.Length} are due: label, I1 to I13, C1 to C26{(width == Names.Length - 1 ? " (the published test part has no labels)" : "")}.");
    }

    private static bool IsHeader(string line) => line.Split(',').SequenceEqual(Names) || line.Split('\t').SequenceEqual(Names);

    private static bool IsRow(string line)
    {
        var fields = line.Split('\t');
        return fields.Length == Names.Length
            && fields[0] is "0" or "1"
            && Array.TrueForAll(fields[1..(1 + Counts.Length)], field => field.Length == 0 || int.TryParse(field, out _))
            && Array.TrueForAll(fields[(1 + Counts.Length)..], field => field.Length == 0 || (field.Length == 8 && field.All(char.IsAsciiHexDigit)));
    }
}
