namespace Tastemaker.Data.Import.Reading;

/// <summary>Rows that cannot be used, by what is wrong: the first of each kind in full, the others counted.</summary>
internal sealed class RowProblems(string label)
{
    private readonly Dictionary<string, (long Row, string Text, long Count)> first = [];

    public bool Any => first.Count > 0;

    /// <summary>Notes a row (1-based, a header line not counted).</summary>
    public void Add(string kind, long row, string text) =>
        first[kind] = first.TryGetValue(kind, out var known) ? known with { Count = known.Count + 1 } : (row, text, 1);

    /// <summary>A sentence a kind.</summary>
    public IEnumerable<string> Sentences() => first
        .OrderBy(pair => pair.Value.Row)
        .Select(pair => $"{label}, row {pair.Value.Row:N0} (not counting a header line): {pair.Key} ({pair.Value.Text})" +
            $"{(pair.Value.Count > 1 ? $"; {pair.Value.Count - 1:N0} more rows like it" : "")}. {Remedy(pair.Key)}");

    private static string Remedy(string kind) => kind switch
    {
        "the value is missing" or "the value is not a finite number" => "Mend or remove these rows, or set value to none.",
        "the label is missing" => "Mend or remove these rows.",
        _ when kind.StartsWith("the label", StringComparison.Ordinal) =>
            "Where it is a rating or a count, read it as the value and set the filter label(at-least=...); where it is another word, say which one is 1 by a query " +
            "on duckdb:, such as SELECT *, outcome = 'bought' AS label FROM 'log.csv'.",
        "the time is missing" => "Mend or remove these rows, or set time to none.",
        _ => "Mend or remove these rows, or name another column.",
    };
}
