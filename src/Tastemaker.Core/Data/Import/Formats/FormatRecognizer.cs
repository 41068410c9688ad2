using Tastemaker.Data.Import.Prepared;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Tells from paths and first lines how a source is laid out, and opens it.</summary>
internal static class FormatRecognizer
{
    /// <summary>Opens the source the options name.</summary>
    /// <exception cref="InputException">It does not exist, is not what its name says, or is of no known layout.</exception>
    public static ImportSource Open(DuckDbSession session, DataOptions options, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        if (options.Paths.Count == 1 && DatabaseFormat.Recognize(options.Paths[0], options.Format) is { } database)
        {
            return WithItemFeatures(session, database.Open(session, options, progress, cancellation), options);
        }

        var files = SourceFile.Expand(options.Paths);
        var format = options.Format == DataFormat.Auto ? Recognize(files, options) : options.Format;
        if (options.FileColumn is { } column && !HasFileColumn(format))
        {
            throw new InputException($"A file column ('{column}') can be added to delimited text, Parquet, JSON and the layouts of click data, but {string.Join(", ", files)} is read as {format}. Leave the option out, or set the format to csv.");
        }

        var source = format switch
        {
            DataFormat.Csv => TabularFormat.OpenDelimited(session, Files(files), options),
            DataFormat.Parquet => TabularFormat.OpenParquet(session, Files(files), options),
            DataFormat.JsonLines => TabularFormat.OpenJson(session, Files(files), options),
            DataFormat.MovieLens => MovieLensFormat.Open(session, Single(files, "MovieLens folder or ratings file")),
            DataFormat.RecBole => RecBoleFormat.Open(session, Single(files, ".inter file or its folder"), options),
            DataFormat.MsWeb => MsWebFormat.Open(session, Single(files, "DST file")),
            DataFormat.Criteo => CriteoFormat.Open(Files(files), options),
            DataFormat.Avazu => AvazuFormat.Open(session, Files(files), options),
            DataFormat.Libsvm or DataFormat.Libffm => SparseFormat.Open(session, Files(files), format, options),
            DataFormat.UserLines => UserLinesFormat.Open(session, Files(files)),
            DataFormat.CountedLines => CountedLinesFormat.Open(session, Single(files, "file of counted lines")),
            _ => throw new InputException($"Format {format} needs a path that starts with sqlite:, postgres: or duckdb:, and a query."),
        };
        var noted = UserLinesFormat.Hint(options) is { } hint && format == DataFormat.Csv ? source with { Notes = [.. source.Notes, hint] } : source;
        return WithItemFeatures(session, TabularFormat.WithEntityFiles(session, noted, options), options);
    }

    /// <summary>Whether the options name a prepared folder.</summary>
    public static bool IsPrepared(DataOptions options) =>
        options.Paths.Count == 1 && (options.Format == DataFormat.Prepared || (options.Format == DataFormat.Auto && PreparedFolder.IsOne(options.Paths[0])));

    /// <summary>Whether the options name a database.</summary>
    public static bool IsDatabase(DataOptions options) => options.Paths.Count == 1 && DatabaseFormat.Recognize(options.Paths[0], options.Format) is not null;

    /// <summary>Whether a folder is of a known layout.</summary>
    public static bool IsLayout(string folder) => Layout(folder) is not null;

    private static ImportSource WithItemFeatures(DuckDbSession session, ImportSource source, DataOptions options)
    {
        var graphs = GraphFiles.Open(session, options);
        return source with { ItemLists = [.. ItemLists.Open(session, options), .. ItemBags.Open(session, options)], Graphs = graphs, Notes = [.. source.Notes, .. graphs.SelectMany(graph => graph.Notes)] };
    }

    private static bool HasFileColumn(DataFormat format) => format is DataFormat.Csv or DataFormat.Parquet or DataFormat.JsonLines
        or DataFormat.Criteo or DataFormat.Avazu or DataFormat.Libsvm or DataFormat.Libffm;

    private static DataFormat Recognize(IReadOnlyList<string> files, DataOptions options)
    {
        var path = files[0];
        if (Directory.Exists(path))
        {
            return RecognizeFolder(path);
        }

        var name = SourceFile.WithoutGzip(path).ToLowerInvariant();
        return Path.GetExtension(name) switch
        {
            ".parquet" or ".pq" => DataFormat.Parquet,
            ".json" or ".jsonl" or ".ndjson" => DataFormat.JsonLines,
            ".inter" => DataFormat.RecBole,
            _ when files.Count == 1 && MovieLensFormat.IsRatings(path) => DataFormat.MovieLens,
            _ when MsWebFormat.IsOne(path) => DataFormat.MsWeb,
            // Whoever names columns or a delimiter means a table. Counts before users, for which they could be taken.
            _ when files.Count == 1 && options is { User: null, Item: null, Delimiter: null } && CountedLinesFormat.IsOne(path) => DataFormat.CountedLines,
            _ when options is { User: null, Item: null, Delimiter: null } && files.All(UserLinesFormat.IsOne) => DataFormat.UserLines,
            _ when options.Delimiter is null && CriteoFormat.IsOne(path) => DataFormat.Criteo,
            _ when options.Delimiter is null && AvazuFormat.IsOne(path) => DataFormat.Avazu,
            _ when options is { User: null, Item: null, Label: null, Delimiter: null } && SparseFormat.Recognize(path) is { } sparse => sparse,
            _ => DataFormat.Csv,
        };
    }

    private static DataFormat RecognizeFolder(string folder)
    {
        if (Layout(folder) is { } layout)
        {
            return layout;
        }

        if (Array.Find(["run.json", "model.json"], name => File.Exists(Path.Combine(folder, name))) is { } mark)
        {
            throw new InputException($"{folder} is the folder of a {(mark == "run.json" ? "run" : "model")}, which holds no data. Name the data that it was trained on, which run.yaml in the folder of a run says.");
        }

        var names = Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Where(IsData).Order(StringComparer.Ordinal).ToList();
        throw new InputException($"{folder} is a folder of no known layout (MovieLens, RecBole, Parquet files, prepared data). " +
            $"Give the file of interactions in it{(names.Count == 0 ? "; there is no file of data directly in it" : ": " + string.Join(", ", names.Take(12)) + (names.Count > 12 ? ", ..." : ""))}.");
    }

    // By their names: files that could hold interactions.
    private static bool IsData(string name) => Path.GetExtension(SourceFile.WithoutGzip(name)).ToLowerInvariant() is
        "" or ".csv" or ".tsv" or ".txt" or ".tab" or ".dat" or ".data" or ".parquet" or ".pq" or ".json" or ".jsonl" or ".ndjson" or ".inter" or ".zip" or ".db" or ".sqlite" or ".sqlite3"
        or ".dst" or ".base" or ".test" or ".train" or ".svm" or ".ffm" or ".libsvm" or ".libffm" or ".log" or ".rating";

    private static DataFormat? Layout(string folder)
    {
        if (MovieLensFormat.FindRatings(folder) is not null)
        {
            return DataFormat.MovieLens;
        }

        var names = Directory.GetFiles(folder);
        return Array.Exists(names, name => SourceFile.WithoutGzip(name).EndsWith(".inter", StringComparison.Ordinal)) ? DataFormat.RecBole
            : names.Length > 0 && Array.TrueForAll(names, name => name.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)) ? DataFormat.Parquet
            : null;
    }

    private static List<string> Files(IReadOnlyList<string> paths) =>
        [.. paths.SelectMany<string, string>(path => Directory.Exists(path) ? [.. Directory.GetFiles(path).Order(StringComparer.Ordinal)] : [path])];

    private static string Single(IReadOnlyList<string> paths, string what) => paths.Count == 1
        ? paths[0]
        : throw new InputException($"This layout is read from one {what}, but {paths.Count} paths were given: {string.Join(", ", paths)}.");
}
