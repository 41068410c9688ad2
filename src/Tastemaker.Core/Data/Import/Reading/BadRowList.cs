namespace Tastemaker.Data.Import.Reading;

/// <summary>A row that cannot be read.</summary>
/// <param name="Number">Its number: of a row among those that have the right columns, from 1; or of a line of the file.</param>
/// <param name="IsLine">Whether that is the number of a line.</param>
/// <param name="Text">What stands there, with the punctuation that leads to it.</param>
/// <param name="File">The file of a line, where there are several.</param>
internal sealed record BadRow(long Number, bool IsLine, string Text, string? File = null);

/// <summary>Rows that cannot be read, by reason: their number, and the first of them in full. Applies the policy <see cref="BadRowPolicy"/>.</summary>
/// <param name="label">The file or query, for messages.</param>
internal sealed class BadRowList(string label)
{
    private const int Shown = 3;

    private readonly Dictionary<string, (long Count, List<BadRow> Examples)> reasons = [];

    /// <summary>Number of bad rows.</summary>
    public long Count { get; private set; }

    /// <summary>Lines of the one file that are no row with the right columns, as numbers of rows, ascending; null where there are several files.</summary>
    public List<long>? Lost { get; set; } = [];

    /// <summary>Whether an example of a reason is still wanted.</summary>
    public bool Wants(string reason) => !reasons.TryGetValue(reason, out var known) || known.Examples.Count < Shown;

    /// <summary>Notes a row.</summary>
    /// <param name="reason">What is wrong, the same words for all rows of one kind.</param>
    /// <param name="example">The row, where the list wants one.</param>
    public void Add(string reason, BadRow? example)
    {
        var known = reasons.GetValueOrDefault(reason, (0, []));
        known.Examples.AddRange(example is null ? [] : [example]);
        reasons[reason] = known with { Count = known.Count + 1 };
        Count++;
    }

    /// <summary>Refuses the rows, or says in the warnings that they were left out.</summary>
    /// <param name="total">All rows, the bad ones included.</param>
    /// <param name="policy">What the user asked for.</param>
    /// <param name="warnings">Receives a sentence with the number of rows, and one for each reason.</param>
    /// <exception cref="InputException">The policy refuses bad rows, or more than half of all rows are bad.</exception>
    public void Apply(long total, BadRowPolicy policy, List<string> warnings)
    {
        if (Count == 0)
        {
            return;
        }

        if (policy == BadRowPolicy.Error)
        {
            throw new InputException([.. reasons.Select(reason => $"{Problem(reason)} {Remedy(reason.Key)}")]);
        }

        if (Count > total / 2)
        {
            throw new InputException([
                $"{Count:N0} of {total:N0} rows of {label} cannot be read. That is more than half, so the file is probably not read as it was meant: " +
                "see with 'taste data inspect' which column was taken for what, and set the options of columns, delimiter, quote, decimal-mark or time-format.",
                .. reasons.Select(Problem)]);
        }

        warnings.Add($"{Count:N0} of {total:N0} rows of {label} cannot be read and were left out. Set on-bad-rows to error to refuse such data.");
        warnings.AddRange(reasons.Select(Note));
    }

    private string Problem(KeyValuePair<string, (long Count, List<BadRow> Examples)> reason)
    {
        var (count, examples) = reason.Value;
        var others = examples.Count > 1 ? $" ({string.Join(", ", examples.Skip(1).Select(Where))}{(count > Shown ? ", ..." : "")})" : "";
        return $"{label}, {Where(examples[0])}{(examples[0].IsLine ? "" : " (not counting a header line)")}: {reason.Key}{examples[0].Text}" +
            $"{(count > 1 ? $"; {count - 1:N0} more rows like it{others}" : "")}.";
    }

    private string Note(KeyValuePair<string, (long Count, List<BadRow> Examples)> reason)
    {
        var (count, examples) = reason.Value;
        var shown = string.Join("; ", examples.Select(example => Where(example) + example.Text));
        return $"Left out because {reason.Key}: {count:N0} {(count == 1 ? "row" : "rows")}, {(count > Shown ? "such as " : "")}{shown}.";
    }

    private string Where(BadRow row) => row switch
    {
        { IsLine: true, File: null } => $"line {row.Number}",
        { IsLine: true } => $"line {row.Number} of {row.File}",
        _ when Lost is null => "a row",
        _ => $"row {Lost.Aggregate(row.Number, (number, lost) => lost <= number ? number + 1 : number):N0}",
    };

    private static string Remedy(string reason) => reason switch
    {
        "the value is missing" or "the value is not a finite number" => "Fix or remove these rows, leave them out with on-bad-rows drop, or set value to none.",
        _ when reason.StartsWith("the label is not", StringComparison.Ordinal) =>
            "Where it is a rating or a count, read it as the value and set the filter label(at-least=...); where it is another word, say which one is 1 by a query " +
            "on duckdb:, such as SELECT *, outcome = 'bought' AS label FROM 'log.csv'.",
        _ when reason.StartsWith("the time", StringComparison.Ordinal) => "Fix or remove these rows, leave them out with on-bad-rows drop, or set time to none.",
        _ when reason.StartsWith("the ", StringComparison.Ordinal) => "Fix or remove these rows, leave them out with on-bad-rows drop, or name another column.",
        _ => "Fix or remove these lines, or leave them out with on-bad-rows drop.",
    };
}
