namespace Tastemaker.Data.Import;

/// <summary>How a source is laid out.</summary>
public enum DataFormat
{
    /// <summary>Recognized from names and first lines.</summary>
    Auto,

    /// <summary>Delimited text: commas, tabs, "::" or any other delimiter, plain or gzip.</summary>
    Csv,

    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>JSON: an object a line, or one array of objects.</summary>
    JsonLines,

    /// <summary>The native layouts of GroupLens: u.data of 100K, ratings.dat of 1M and 10M, the CSV folders of latest, 20M, 25M and 32M.</summary>
    MovieLens,

    /// <summary>RecBole atomic files: .inter with optional .user and .item beside it.</summary>
    RecBole,

    /// <summary>The line-typed DST format of UCI's Anonymous Microsoft Web Data.</summary>
    MsWeb,

    /// <summary>A line a user: the user and all its items, separated by blanks or tabs.</summary>
    UserLines,

    /// <summary>A line a user without its name: the number of its items, then the items. Users are numbered by line, from 0.</summary>
    CountedLines,

    /// <summary>The display advertising challenge of Criteo: label, I1 to I13, C1 to C26, by tabs without header, or by commas or tabs with one.</summary>
    Criteo,

    /// <summary>The click-through challenge of Avazu: commas, a header line with id, click, hour, C1, banner_pos and so on.</summary>
    Avazu,

    /// <summary>Sparse rows of LIBSVM: <c>label index:value ...</c></summary>
    Libsvm,

    /// <summary>Sparse rows of LIBFFM: <c>label field:index:value ...</c></summary>
    Libffm,

    /// <summary>A query over files, by the engine that reads them: <c>duckdb:</c></summary>
    DuckDb,

    /// <summary>A query against an SQLite file: <c>sqlite:PATH</c>.</summary>
    Sqlite,

    /// <summary>A query against a PostgreSQL server: <c>postgres:CONNECTION</c>.</summary>
    Postgres,

    /// <summary>A folder written by <see cref="PreparedData"/>.</summary>
    Prepared,
}
