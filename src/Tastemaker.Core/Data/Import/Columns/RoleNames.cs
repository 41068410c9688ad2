namespace Tastemaker.Data.Import.Columns;

/// <summary>The column names that say what a column is for, by convention; case and punctuation are ignored.</summary>
internal static class RoleNames
{
    /// <summary>Names of the query side, the most telling first.</summary>
    public static readonly string[] User =
    [
        "userid", "user", "uid", "reviewerid", "customerid", "memberid", "visitorid", "personid", "accountid", "username", "customer", "customerno", "customernumber", "client", "clientid", "buyer", "buyerid", "member", "sessionid", "session",
    ];

    /// <summary>Names of the catalog side.</summary>
    public static readonly string[] Item =
    [
        "itemid", "item", "iid", "movieid", "movie", "productid", "product", "asin", "parentasin", "bookid", "isbn", "artistid", "trackid", "songid",
        "articleid", "newsid", "gameid", "animeid", "businessid", "locationid", "venueid", "jokeid", "videoid", "contentid", "sku", "stockcode", "itemcode", "productcode",
    ];

    /// <summary>Names of values.</summary>
    public static readonly string[] Value =
    [
        "rating", "ratings", "value", "score", "stars", "count", "overall", "feedback", "weight", "plays", "playcount", "bookrating", "preference", "label",
    ];

    /// <summary>Names of times.</summary>
    public static readonly string[] Time =
    [
        "timestamp", "time", "date", "datetime", "unixtime", "unixreviewtime", "ts", "createdat", "eventtime", "eventdate", "ratedat",
    ];

    // Dates of people and things, not of what happened between them.
    private static readonly string[] OtherDates = ["birth", "dob", "release", "publi", "expir", "due"];

    private static readonly HashSet<string> All = [.. User, .. Item, .. Value, .. Time];

    /// <summary>Whether a field of a first line is a column name rather than data.</summary>
    public static bool IsKnown(string field) => All.Contains(Plain(field));

    /// <summary>Whether a column is named like a date of a user or an item, such as the day of birth.</summary>
    public static bool IsOtherDate(string name) => Array.Exists(OtherDates, part => Plain(name).Contains(part, StringComparison.Ordinal));

    /// <summary>Lower case letters and digits only.</summary>
    public static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
