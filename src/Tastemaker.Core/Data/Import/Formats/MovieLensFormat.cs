using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>The layouts GroupLens publishes: u.data (100K), *.dat with "::" (1M, 10M), CSV folders (latest, 20M, 25M, 32M); plain or gzip.</summary>
internal static class MovieLensFormat
{
    private static readonly string[] Genres100K =
    [
        "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy", "Film-Noir", "Horror",
        "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
    ];

    // Occupations are numbers in 1M and words in 100K; zip codes can look like numbers.
    private static readonly string[] CodedUserColumns = ["occupation", "zip_code"];

    /// <summary>The ratings in a folder, or null where it is none of GroupLens's.</summary>
    public static string? FindRatings(string folder) =>
        SourceFile.Sibling(folder, "u.data", "ratings.dat") ?? (SourceFile.Sibling(folder, "ratings.csv") is { } csv && IsRatings(csv) ? csv : null);

    /// <summary>Whether a file is one of GroupLens's ratings, by its name and first line.</summary>
    public static bool IsRatings(string path) => Path.GetFileName(SourceFile.WithoutGzip(path)) switch
    {
        "u.data" => true,
        "ratings.dat" => SourceFile.Decode(SourceFile.Peek(path)).Split('\n')[0].Contains("::", StringComparison.Ordinal),
        "ratings.csv" => SourceFile.Decode(SourceFile.Peek(path)).StartsWith("userId,movieId,rating", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Opens a folder or a ratings file, with the films and users beside it.</summary>
    /// <exception cref="InputException">There are no ratings.</exception>
    public static ImportSource Open(DuckDbSession session, string path)
    {
        var ratings = Directory.Exists(path) ? FindRatings(path) : path;
        if (ratings is null)
        {
            throw new InputException($"{path} holds none of u.data, ratings.dat and ratings.csv (plain or .gz), so it is not a MovieLens folder.");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(ratings))!;
        var name = Path.GetFileName(folder);
        return Path.GetExtension(SourceFile.WithoutGzip(ratings)) switch
        {
            ".data" => Open100K(session, folder, ratings, name),
            ".dat" => OpenDat(session, folder, ratings, name),
            _ => OpenCsv(session, folder, ratings, name),
        };
    }

    private static ImportSource Open100K(DuckDbSession session, string folder, string ratings, string name) => new()
    {
        Format = DataFormat.MovieLens,
        Layout = "MovieLens 100K (u.data)",
        Name = name,
        Interactions = Table(ratings, "\t", "user_id", "item_id", "rating", "timestamp"),
        Items = SourceFile.Sibling(folder, "u.item") is { } items ? EntitySource.ByFirstColumn(Items100K(session, items)) : null,
        Users = SourceFile.Sibling(folder, "u.user") is { } users
            ? Users(Table(users, "|", "user_id", "age", "gender", "occupation", "zip_code"))
            : null,
    };

    private static QueryRelation Items100K(DuckDbSession session, string path)
    {
        string[] names = ["item_id", "title", "release_date", "video_release_date", "imdb_url"];
        var flags = Genres100K.Select((_, index) => $"flag{index}");
        var table = Table(path, "|", [.. names, .. flags]);
        var latin = table with { Dialect = table.Dialect with { Encoding = "latin-1" } };
        var genres = string.Join(", ", Genres100K.Select((genre, index) => $"CASE WHEN flag{index} = '1' THEN {DuckDbSession.Literal(genre)} END"));
        // The video release date is empty throughout.
        return QueryRelation.Describe(session, path,
            $"(SELECT item_id, title, release_date, concat_ws('|', {genres}) AS genres, imdb_url FROM {latin.From(Relation.Untyped)})");
    }

    private static ImportSource OpenDat(DuckDbSession session, string folder, string ratings, string name) => new()
    {
        Format = DataFormat.MovieLens,
        Layout = "MovieLens with '::' (ratings.dat)",
        Name = name,
        Interactions = Table(ratings, "::", "user_id", "item_id", "rating", "timestamp"),
        Items = SourceFile.Sibling(folder, "movies.dat") is { } movies ? EntitySource.ByFirstColumn(Table(movies, "::", "item_id", "title", "genres")) : null,
        Users = SourceFile.Sibling(folder, "users.dat") is { } users
            ? Users(Table(users, "::", "user_id", "gender", "age", "occupation", "zip_code"))
            : null,
    };

    private static EntitySource Users(Relation relation) => new(
        relation,
        relation.Columns[0],
        CodedUserColumns.ToDictionary(column => column, column => new FeaturePlan(relation.Find(column)!, FeatureKind.Categorical)));

    private static ImportSource OpenCsv(DuckDbSession session, string folder, string ratings, string name) => new()
    {
        Format = DataFormat.MovieLens,
        Layout = "MovieLens CSV (ratings.csv)",
        Name = name,
        Interactions = new DelimitedRelation([ratings], DialectSniffer.Sniff(ratings, new DataOptions { Delimiter = "," })),
        Items = SourceFile.Sibling(folder, "movies.csv") is { } movies ? EntitySource.ByFirstColumn(Films(session, folder, movies)) : null,
    };

    private static Relation Films(DuckDbSession session, string folder, string movies)
    {
        var plain = new DelimitedRelation([movies], DialectSniffer.Sniff(movies, new DataOptions { Delimiter = ",", Header = HeaderLine.Present }));
        if (plain.Find("movieId") is null || plain.Find("title") is null || plain.Find("genres") is null)
        {
            return plain; // somebody's own file of films, by the same name
        }

        var films = plain.From(Relation.Untyped);
        var genres = "nullif(genres, '(no genres listed)') AS genres";
        if (SourceFile.Sibling(folder, "tags.csv") is not { } tags)
        {
            return QueryRelation.Describe(session, movies, $"(SELECT movieId, title, {genres} FROM {films})");
        }

        var byFilm = $"(SELECT movieId, string_agg(DISTINCT replace(tag, '|', '/'), '|' ORDER BY replace(tag, '|', '/')) AS tags FROM {Csv(tags)} GROUP BY movieId)";
        return QueryRelation.Describe(session, $"{movies} with {Path.GetFileName(tags)}",
            $"(SELECT f.movieId, title, {genres}, tags FROM {films} f LEFT JOIN {byFilm} t ON f.movieId = t.movieId)");
    }

    private static string Csv(string path) =>
        new DelimitedRelation([path], DialectSniffer.Sniff(path, new DataOptions { Delimiter = ",", Header = HeaderLine.Present })).From(Relation.Untyped);

    private static DelimitedRelation Table(string path, string delimiter, params IReadOnlyList<string> columns) =>
        new([path], new Dialect(delimiter, "", false, "utf-8", SourceFile.Compression(path), columns));
}
