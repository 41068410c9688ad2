namespace Tastemaker.Data.Import.Columns;

/// <summary>How the numbers of a text column are written.</summary>
internal enum NumberFormat
{
    /// <summary>1234.5 or 1.2345e3.</summary>
    Plain,

    /// <summary>1,234.5: commas between thousands.</summary>
    GroupedByComma,

    /// <summary>1234,5 or 1.234,5: a comma before the fraction; points, blanks and apostrophes between thousands.</summary>
    DecimalComma,

    /// <summary>true and false, yes and no, which are 1 and 0.</summary>
    Words,
}

/// <summary>Numbers in text, for SQL.</summary>
internal static class NumberText
{
    /// <summary>Numbers with a point before the fraction, and commas between thousands where there are any.</summary>
    public const string Grouped = "[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\\.[0-9]+)?";

    /// <summary>Numbers with a comma before the fraction, and points, blanks or apostrophes between thousands where there are any.</summary>
    public const string Comma = "[-+]?([0-9]+|[0-9]{1,3}([. '\u00a0\u2019][0-9]{3})+)(,[0-9]+)?";

    /// <summary>A condition of SQL: the text is a word for 1 or 0.</summary>
    public static string IsWord(string text) => $"lower({text}) IN ('true', 'false', 'yes', 'no')";

    /// <summary>How the numbers of a column are written; null where they are not numbers.</summary>
    /// <param name="statistics">The column's values.</param>
    /// <param name="decimalMark">The decimal mark that the user named, or null.</param>
    /// <param name="share">The least share of the values that must be numbers, 0 to 1.</param>
    public static NumberFormat? Recognize(ColumnStatistics statistics, string? decimalMark, double share)
    {
        (NumberFormat Format, long Count)[] counts = decimalMark == ","
            ? [(NumberFormat.DecimalComma, statistics.Commas), (NumberFormat.Words, statistics.Words)]
            : [
                (NumberFormat.Plain, statistics.Numbers), (NumberFormat.GroupedByComma, statistics.Grouped),
                (NumberFormat.DecimalComma, decimalMark is null ? statistics.Commas : 0), (NumberFormat.Words, statistics.Words),
            ];
        // The first of the best: a plain number is a grouped one, too.
        var best = counts.MaxBy(pair => pair.Count);
        return statistics.Filled > 0 && best.Count >= Math.Max(1, share * statistics.Filled) ? best.Format : null;
    }

    /// <summary>A number of the engine as a FLOAT: null where there is none, infinite where it is beyond single precision.</summary>
    public static string Single(string number) => $"coalesce(TRY_CAST({number} AS FLOAT), CASE WHEN {number} IS NOT NULL THEN CAST('inf' AS FLOAT) END)";

    /// <summary>The number of a text as a FLOAT: null where the text is blank, infinite where it is no number.</summary>
    public static string Sql(string text, NumberFormat format)
    {
        var number = format switch
        {
            NumberFormat.GroupedByComma => $"TRY_CAST(replace({text}, ',', '') AS FLOAT)",
            NumberFormat.DecimalComma => $"TRY_CAST(replace(regexp_replace({text}, '[. ''\u00a0\u2019]', '', 'g'), ',', '.') AS FLOAT)",
            NumberFormat.Words => $"CASE WHEN lower(trim({text})) IN ('true', 'yes') THEN 1 WHEN lower(trim({text})) IN ('false', 'no') THEN 0 ELSE TRY_CAST({text} AS FLOAT) END",
            _ => $"TRY_CAST({text} AS FLOAT)",
        };
        return $"coalesce({number}, CASE WHEN nullif(trim({text}), '') IS NOT NULL THEN CAST('inf' AS FLOAT) END)";
    }

    /// <summary>What was recognized and how to say otherwise; null for plain numbers.</summary>
    public static string? Note(Formats.Relation relation, string column, NumberFormat format) => format switch
    {
        NumberFormat.GroupedByComma => $"Column '{column}' of {relation.Label} has commas between thousands (1,234 is one thousand two hundred and thirty-four). If the comma begins the fraction, set decimal-mark to ','.",
        NumberFormat.DecimalComma => $"Column '{column}' of {relation.Label} has a comma before the fraction (1,5 is one and a half). If it stands between thousands, set decimal-mark to '.'.",
        NumberFormat.Words => $"Column '{column}' of {relation.Label} holds true and false or yes and no, which are read as 1 and 0.",
        _ => null,
    };
}
