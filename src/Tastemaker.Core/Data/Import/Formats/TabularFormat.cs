using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Plain tables: delimited text, Parquet, JSON; and files of features beside any layout.</summary>
internal static class TabularFormat
{
    public static ImportSource OpenDelimited(DuckDbSession session, IReadOnlyList<string> files, DataOptions options)
    {
        var relation = WithFileColumn(Delimited(files, options), options);
        return new ImportSource
        {
            Format = DataFormat.Csv,
            Layout = relation.Dialect.ToString(),
            Name = SourceFile.Stem(files[0]),
            Interactions = relation,
            Named = relation.Dialect.HasHeader,
        };
    }

    public static ImportSource OpenParquet(DuckDbSession session, IReadOnlyList<string> files, DataOptions options) => new()
    {
        Format = DataFormat.Parquet,
        Layout = "Parquet",
        Name = SourceFile.Stem(files[0]),
        Interactions = WithFileColumn(session, Parquet(session, files), options),
    };

    public static ImportSource OpenJson(DuckDbSession session, IReadOnlyList<string> files, DataOptions options) => new()
    {
        Format = DataFormat.JsonLines,
        Layout = "JSON",
        Name = SourceFile.Stem(files[0]),
        Interactions = WithFileColumn(session, Json(session, files), options),
    };

    /// <summary>Delimited text with the file column that the options ask for, if they do.</summary>
    public static DelimitedRelation WithFileColumn(DelimitedRelation relation, DataOptions options) =>
        FileColumn(relation, options) is { } name ? relation.WithFileColumn(name) : relation;

    // The option, if no column has that name.
    private static string? FileColumn(Relation relation, DataOptions options) =>
        relation.Columns.FirstOrDefault(column => string.Equals(column.Name, options.FileColumn, StringComparison.OrdinalIgnoreCase)) is { } rival
            ? throw new InputException($"{relation.Label} has a column '{rival.Name}' already, so the file column needs another name.")
            : options.FileColumn;

    private static QueryRelation WithFileColumn(DuckDbSession session, QueryRelation relation, DataOptions options) => FileColumn(relation, options) is not { } name
        ? relation
        : QueryRelation.Describe(session, relation.Label, $"(SELECT * REPLACE (parse_filename({DuckDbSession.Name(name)}) AS {DuckDbSession.Name(name)}) "
            + $"FROM {relation.Sql[..^1]}, filename = {DuckDbSession.Literal(name)}))");

    /// <summary>The source with the item and user files that the options name, in place of those of the layout.</summary>
    public static ImportSource WithEntityFiles(DuckDbSession session, ImportSource source, DataOptions options) => source with
    {
        Items = options.ItemFile is { } items ? Entity(session, items, options, options.Item, RoleNames.Item) : source.Items,
        Users = options.UserFile is { } users ? Entity(session, users, options, options.User, RoleNames.User) : source.Users,
    };

    private static EntitySource Entity(DuckDbSession session, string path, DataOptions options, string? asked, string[] conventions)
    {
        var files = SourceFile.Expand([path]);
        var relation = Path.GetExtension(SourceFile.WithoutGzip(path)).ToLowerInvariant() switch
        {
            ".parquet" or ".pq" => Parquet(session, files),
            ".json" or ".jsonl" or ".ndjson" => Json(session, files),
            // Roles, header and delimiter of the interactions say nothing about another file.
            _ => (Relation)Delimited(files, new DataOptions { Encoding = options.Encoding, User = options.User, Item = options.Item }),
        };
        return Entity(relation, asked, conventions);
    }

    /// <summary>Features whose key is the column of a name, else the one that conventions know, else the first.</summary>
    public static EntitySource Entity(Relation relation, string? asked, string[] conventions)
    {
        var key = (asked is null ? null : relation.Columns.FirstOrDefault(column => column.Name == asked))
            ?? conventions.Select(name => relation.Columns.FirstOrDefault(column => RoleNames.Plain(column.Name) == name)).FirstOrDefault(column => column is not null)
            ?? relation.Columns[0];
        NestedColumns.CheckKey(relation, key);
        return new EntitySource(relation, key, new Dictionary<string, FeaturePlan>());
    }

    /// <summary>Delimited text of files that agree.</summary>
    public static DelimitedRelation Delimited(IReadOnlyList<string> files, DataOptions options)
    {
        var dialects = files.Select(file => (File: file, Dialect: DialectSniffer.Sniff(file, options))).ToList();
        var first = dialects[0];
        var odd = dialects.Where(other => !other.Dialect.Columns.SequenceEqual(first.Dialect.Columns) || other.Dialect.Compression != first.Dialect.Compression)
            .Select(other => $"{other.File} has the columns {string.Join(", ", other.Dialect.Columns)} ({other.Dialect}), but {first.File} has " +
                $"{string.Join(", ", first.Dialect.Columns)} ({first.Dialect}). Files that are read together must agree.{OfUsers(files)}")
            .ToList();
        return odd.Count == 0 ? new DelimitedRelation(files, first.Dialect) : throw new InputException(odd);
    }

    // Lines of a user and all its items have different lengths, so that each file looks like another table.
    private static string OfUsers(IReadOnlyList<string> files) => !files.All(file => NumberLines.Peek(file) is not null) ? ""
        : $" If each line holds a user and all its items, and the files are parts of a split, name the training file as the data and the others in the split: {files[0]} --format user-lines --split \"given(test={files[^1]})\".";

    private static QueryRelation Parquet(DuckDbSession session, IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            SourceFile.CheckParquet(file);
        }

        return QueryRelation.Describe(session, string.Join(", ", files), $"read_parquet([{string.Join(", ", files.Select(DuckDbSession.Literal))}])");
    }

    private static QueryRelation Json(DuckDbSession session, IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            JsonDepth.Check(file);
            var start = SourceFile.Decode(SourceFile.Peek(file)).TrimStart();
            if (start.Length == 0 || (start[0] != '{' && start[0] != '[' && !start.Contains("\n{", StringComparison.Ordinal)))
            {
                throw new InputException($"{file} is named JSON but starts with '{start[..Math.Min(20, start.Length)]}'. Rename it after what it is, or set the format.");
            }
        }

        var compression = files.Select(SourceFile.Compression).ToList()[0] == "gzip" ? "gzip" : "uncompressed";
        var read = $"read_json([{string.Join(", ", files.Select(DuckDbSession.Literal))}], compression = '{compression}', maximum_object_size = 67108864, sample_size = -1)";
        return QueryRelation.Describe(session, string.Join(", ", files), read).WithMixedAsText(session);
    }
}
