namespace Tastemaker.Data.Import;

/// <summary>
/// Which data: where it lies, how its columns are to be read, and what is done to it before training. Everything but <see cref="Paths"/> has
/// a default that is recognized from the data.
/// </summary>
public sealed record DataOptions
{
    /// <summary>
    /// Files of one layout, a folder, or one database: "ratings.csv", "part-1.parquet" and "part-2.parquet", "ml-25m/", "sqlite:shop.db",
    /// "postgres:Host=localhost;Database=shop", or "duckdb:" for a query over files. Wildcards (* and ?) in file names are expanded in name order.
    /// </summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>The layout. <value>recognized</value></summary>
    public DataFormat Format { get; init; }

    /// <summary>A short name of the data set. <value>the file's or folder's name</value></summary>
    public string? Name { get; init; }

    /// <summary>
    /// The column of users or sessions, by name or 1-based position; for labelled data "none" where all rows are of one user.
    /// <value>by convention: user_id, userId, user, uid, SessionId, ...</value>
    /// </summary>
    public string? User { get; init; }

    /// <summary>
    /// The column of items, by name or 1-based position; for labelled data "none" where all rows are of one item.
    /// <value>by convention: item_id, movieId, item, ...</value>
    /// </summary>
    public string? Item { get; init; }

    /// <summary>The column of values, by name or 1-based position; "none" to ignore one. <value>by convention: rating, value, score, stars, count</value></summary>
    public string? Value { get; init; }

    /// <summary>
    /// The column of labels, by name or 1-based position: 1, true or yes where the row is positive (a click, a purchase), 0, false or no where
    /// it was not. Users and items may then be absent. <value>none, except in layouts made for labels</value>
    /// </summary>
    public string? Label { get; init; }

    /// <summary>The column of times, by name or 1-based position; "none" to ignore one. <value>by convention: timestamp, time, date, ...</value></summary>
    public string? Time { get; init; }

    /// <summary>
    /// The column that names items for people, in the interactions or in the file of items; in the interactions it must depend on the item.
    /// <value>by convention: title, name, product name, item_title, movie title, ...</value>
    /// </summary>
    public string? Title { get; init; }

    /// <summary>
    /// A name for a column that is added to tables (delimited text, Parquet, JSON, and the layouts of click data): the name, without folder, of the file that a row comes from.
    /// With the split given-column, files are then parts. <value>none</value>
    /// </summary>
    public string? FileColumn { get; init; }

    /// <summary>The delimiter of delimited text; "tab" and "space" are understood. <value>recognized</value></summary>
    public string? Delimiter { get; init; }

    /// <summary>The quoting character of delimited text; "none" where there is none. <value>" (none for "::" and RecBole)</value></summary>
    public string? Quote { get; init; }

    /// <summary>Whether delimited text starts with a line of names. <value>recognized</value></summary>
    public HeaderLine Header { get; init; }

    /// <summary>Character encoding of delimited text. <value>UTF-8, else windows-1252 with a warning</value></summary>
    public TextEncoding Encoding { get; init; }

    /// <summary>The decimal mark of numbers in text, "." or ","; with a comma, points, blanks and apostrophes may stand between thousands. <value>recognized in each column</value></summary>
    public string? DecimalMark { get; init; }

    /// <summary>What stands before a quoting character inside a quoted field: "quote", another quoting character, or "backslash". <value>recognized</value></summary>
    public string? Escape { get; init; }

    /// <summary>What becomes of rows that cannot be read: left out and counted, or an error. <value>drop</value></summary>
    public BadRowPolicy OnBadRows { get; init; }

    /// <summary>
    /// How dates in text are written: "day-first", "month-first", or a pattern of strptime such as "%d.%m.%Y %H:%M". Times without a zone are UTC.
    /// <value>recognized: ISO, dates of numbers whose order the values tell, days as YYYYMMDD</value>
    /// </summary>
    public string? TimeFormat { get; init; }

    /// <summary>Unit of numeric times. <value>recognized from the magnitude</value></summary>
    public TimeUnit TimeUnit { get; init; }

    /// <summary>A file of item features whose key column is named like the item column, or is its first. <value>the one that belongs to the layout</value></summary>
    public string? ItemFile { get; init; }

    /// <summary>A file of user features whose key column is named like the user column, or is its first. <value>the one that belongs to the layout</value></summary>
    public string? UserFile { get; init; }

    /// <summary>
    /// Features of items that files list the other way round: a feature's name to a file that holds a line a category, the number of items that
    /// bear it and then the items. Categories are named by line, from 0. <value>none</value>
    /// </summary>
    public IReadOnlyDictionary<string, string> ItemLists { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Bags of words of items: a feature's name to a file whose line i, from 0, holds what the item called i has: <c>n word:count ...</c>, words by number
    /// from 0, n of them. Where a file names the words, a line a word, it follows behind a bar: <c>mult.dat|vocabulary.dat</c>. <value>none</value>
    /// </summary>
    public IReadOnlyDictionary<string, string> ItemBags { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Graphs of users or of items: a name such as <c>user.social</c> or <c>item.related</c> to a file of edges, a line an edge, from one to the other; each user or item gets
    /// the set of those that its edges lead to. Of a line with three columns (head, relation, tail) each relation is a set of its own. Where the heads of such a knowledge graph are
    /// entities, a file that says which item is which entity follows behind a bar: <c>music.kg|music.link</c>. Without <c>user.</c> or <c>item.</c>, the side that knows the identifiers. <value>none</value>
    /// </summary>
    public IReadOnlyDictionary<string, string> Graph { get; init; } = new Dictionary<string, string>();

    /// <summary>What the catalog consists of. <value>items that occur in an interaction</value></summary>
    public CatalogScope Catalog { get; init; }

    /// <summary>
    /// Kinds of feature columns by column name, where recognition is not wanted: "categorical", "multi-categorical", "numeric", "text" or
    /// "ignore". The name "*" speaks for all columns not named. <value>recognized</value>
    /// </summary>
    public IReadOnlyDictionary<string, string> Features { get; init; } = new Dictionary<string, string>();

    /// <summary>Whose features columns of the interactions are. <value>of items or users where they depend on them alone, else of interactions</value></summary>
    public ColumnOwner ColumnOwner { get; init; }

    /// <summary>Removes white space around identifiers and shrinks runs of it inside them to one space. <value>false</value></summary>
    public bool Trim { get; init; }

    /// <summary>
    /// The SQL query that gives the interactions, for databases. In one for duckdb:, files are named by their path or by that inside the data
    /// folder, such as SELECT * FROM 'shop/log.csv' or FROM read_csv('shop/log.txt', delim = ';').
    /// </summary>
    public string? Query { get; init; }

    /// <summary>The SQL query that gives item features, for databases; the key column is named like the item column, or is the first. <value>none</value></summary>
    public string? ItemQuery { get; init; }

    /// <summary>The SQL query that gives user features, for databases; the key column is named like the user column, or is the first. <value>none</value></summary>
    public string? UserQuery { get; init; }

    /// <summary>
    /// What becomes of the interactions of an event store that have no value where others have one: "positive" counts them as the largest value, "leave-out"
    /// drops them. <value>refuse</value>
    /// </summary>
    public MissingValues MissingValues { get; init; }

    /// <summary>Filters in the order of application, each in its text form, such as "k-core(5)". <value>none</value></summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>The split in its text form, such as "leave-one-out". <value>none</value></summary>
    public string? Split { get; init; }

    /// <summary>
    /// Whether held-out interactions that repeat an item of their user are targets too, and all items candidates: for data in which repeat consumption is
    /// natural, such as music that is played again. <value>false</value>
    /// </summary>
    public bool IncludeSeen { get; init; }

    /// <summary>Threads of the reading engine. <value>those of <see cref="Parallelism"/>: all cores</value></summary>
    public int Threads { get; init; } = Parallelism.Threads;

    /// <summary>Options for files with everything else recognized.</summary>
    public static DataOptions From(params IReadOnlyList<string> paths) => new() { Paths = paths };
}

/// <summary>What becomes of rows that cannot be read: a missing user, item, value or time, text where a number or a date is due, a line of the wrong width.</summary>
public enum BadRowPolicy
{
    /// <summary>They are left out, counted for each reason, and the first of them are shown. Where more than half of all rows are bad, the data is refused.</summary>
    Drop,

    /// <summary>The data is refused with every reason, its first rows and their count.</summary>
    Error,
}

/// <summary>Which items make up the catalog.</summary>
public enum CatalogScope
{
    /// <summary>Items that occur in an interaction.</summary>
    Interactions,

    /// <summary>Also items that occur only in the item file, such as ones nobody has used yet.</summary>
    ItemFile,
}

/// <summary>Whose features the columns of the interactions are that have no role.</summary>
public enum ColumnOwner
{
    /// <summary>Of items or users where a column depends on them alone, such as the name of the item; else of interactions. Of labeled data, always of interactions.</summary>
    Auto,

    /// <summary>Of interactions.</summary>
    Interactions,
}

/// <summary>Whether the first line of delimited text names the columns.</summary>
public enum HeaderLine
{
    /// <summary>Recognized from the first lines.</summary>
    Auto,

    /// <summary>The first line names the columns.</summary>
    Present,

    /// <summary>The first line is data; columns are named column1, column2, ...</summary>
    Absent,
}

/// <summary>What becomes of the interactions of an event store that have no value where others have one: views beside ratings, for example.</summary>
public enum MissingValues
{
    /// <summary>The import is refused, and says what can be done.</summary>
    Refuse,

    /// <summary>They are positives: they count as the largest value in the store. What rankers learn from.</summary>
    Positive,

    /// <summary>They are left out. What systems that predict ratings need.</summary>
    LeaveOut,
}
