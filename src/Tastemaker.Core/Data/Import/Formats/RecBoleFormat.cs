using System.Globalization;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>RecBole's atomic files: separated by tabs (or what else stands between the names), columns named "name:type" with types token, token_seq, float, float_seq.</summary>
internal static class RecBoleFormat
{
    private static readonly string[] Types = ["token", "token_seq", "float", "float_seq"];

    /// <summary>Opens a .inter file, or the one in a folder, with the .item and .user files of the same name beside it.</summary>
    public static ImportSource Open(DuckDbSession session, string path, DataOptions options)
    {
        var inter = Directory.Exists(path) ? Only(path) : path;
        var stem = SourceFile.WithoutGzip(inter)[..^".inter".Length];
        var (relation, known) = Table(session, inter, options);
        return new ImportSource
        {
            Format = DataFormat.RecBole,
            Layout = "RecBole atomic files",
            Name = Path.GetFileName(stem),
            Interactions = relation,
            Known = known,
            Items = Entity(session, stem, ".item", options),
            Users = Entity(session, stem, ".user", options),
        };
    }

    private static EntitySource? Entity(DuckDbSession session, string stem, string extension, DataOptions options)
    {
        var path = SourceFile.Sibling(Path.GetDirectoryName(stem) is { Length: > 0 } folder ? folder : ".", Path.GetFileName(stem) + extension);
        if (path is null)
        {
            return null;
        }

        var (relation, known) = Table(session, path, options);
        return new EntitySource(relation, relation.Columns[0], known);
    }

    private static string Only(string folder)
    {
        var files = Directory.GetFiles(folder).Where(file => SourceFile.WithoutGzip(file).EndsWith(".inter", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return files.Count == 1 ? files[0] : throw new InputException(
            $"{folder} holds {files.Count} .inter files{(files.Count > 1 ? $" ({string.Join(", ", files.Select(Path.GetFileName))})" : "")}. Give one of them.");
    }

    private static (Relation Relation, IReadOnlyDictionary<string, FeaturePlan> Known) Table(DuckDbSession session, string path, DataOptions options)
    {
        var asked = new DataOptions { Delimiter = options.Delimiter ?? Delimiter(path), Quote = "none", Header = HeaderLine.Present, Encoding = options.Encoding };
        var dialect = DialectSniffer.Sniff(path, asked);
        var named = dialect.Columns.Select(column => Split(path, column)).ToList();
        Relation relation = new DelimitedRelation([path], dialect with { Columns = [.. named.Select(column => column.Name)] });
        foreach (var (name, _) in named.Where(column => column.Type == "float_seq"))
        {
            relation = Expanded(session, relation, name);
        }

        var known = new Dictionary<string, FeaturePlan>();
        foreach (var column in relation.Columns)
        {
            var type = named.Find(pair => pair.Name == column.Name).Type ?? "float";
            known[column.Name] = new FeaturePlan(column, Kind(column.Name, type), " ");
        }

        return (relation, known);
    }

    // Tabs by convention; what stands between the names where it is something else.
    private static string Delimiter(string path)
    {
        var header = SourceFile.Decode(SourceFile.Peek(path)).Split('\n', 2)[0];
        string[] others = [",", ";", "|", " "];
        return header.Contains('\t', StringComparison.Ordinal) ? "\t" : Array.Find(others, other => header.Contains(other, StringComparison.Ordinal)) ?? "\t";
    }

    private static (string Name, string Type) Split(string path, string column)
    {
        var colon = column.LastIndexOf(':');
        var type = colon < 0 ? "" : column[(colon + 1)..];
        return Types.Contains(type) ? (column[..colon], type) : throw new InputException(
            $"{path} has a column '{column}' in its header line; RecBole columns are named name:type with one of the types {string.Join(", ", Types)}. " +
            "Name the types, or set the format to csv, which recognizes them from the values.");
    }

    private static FeatureKind Kind(string name, string type) => type switch
    {
        "float" or "float_seq" => FeatureKind.Numeric,
        "token_seq" when TitleNames.Has(name) => FeatureKind.Text,
        "token_seq" => FeatureKind.MultiCategorical,
        _ => TitleNames.Has(name) ? FeatureKind.Text : FeatureKind.Categorical,
    };

    /// <summary>A float_seq column as one numeric column a position, if all rows have one length.</summary>
    private static QueryRelation Expanded(DuckDbSession session, Relation relation, string column)
    {
        var name = DuckDbSession.Name(column);
        var parts = $"string_split(trim({name}), ' ')";
        var lengths = session.Rows($"SELECT min(len({parts})), max(len({parts})) FROM {relation.From(Relation.Untyped)}")[0];
        if (lengths[0] is null || lengths[0] != lengths[1])
        {
            throw new InputException($"{relation.Label} has sequences of {lengths[0] ?? "0"} to {lengths[1] ?? "0"} numbers in column '{column}'. " +
                "Only float_seq columns of one length are supported.");
        }

        var length = int.Parse(lengths[0]!, CultureInfo.InvariantCulture);
        var columns = Enumerable.Range(1, length).Select(at => $"{parts}[{at}] AS {DuckDbSession.Name($"{column}_{at}")}");
        return QueryRelation.Describe(session, relation.Label, $"(SELECT * EXCLUDE ({name}), {string.Join(", ", columns)} FROM {relation.From(Relation.Untyped)})");
    }
}
