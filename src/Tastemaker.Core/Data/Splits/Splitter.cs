namespace Tastemaker.Data.Splits;

/// <summary>
/// A way to divide a data set, as a value: printable, comparable, and with the same result on every machine for a seed.
/// Each splitter is one record in this folder; <see cref="object.ToString"/> gives the text that <see cref="SplitterSyntax"/> parses.
/// </summary>
public abstract record Splitter
{
    /// <summary>
    /// Whether held-out interactions that repeat an item of their user are targets too, and all items candidates: for data in which repeat
    /// consumption is natural, such as listening or groceries. Splits of sessions always do so; splits of users and files of
    /// negatives do not support it.
    /// </summary>
    public bool IncludeSeen { get; init; }

    /// <summary>Divides the data.</summary>
    /// <exception cref="InputException">The data lacks what the splitter needs (times, enough interactions), or a part would be empty.</exception>
    public Split Apply(Dataset data, ulong seed)
    {
        var split = Divide(data, seed);
        return split with { Whole = split.Whole ?? data, SeenAreCandidates = split.SeenAreCandidates ?? IncludeSeen };
    }

    /// <summary>Divides the data; what <see cref="Apply"/> does before it adds <see cref="Split.Whole"/> where the splitter did not.</summary>
    protected abstract Split Divide(Dataset data, ulong seed);

    /// <summary>Whether the splitter divides interactions, so that labelled rows go to parts like any others.</summary>
    internal virtual bool DividesLabelled => true;

    /// <summary>Whether <see cref="IncludeSeen"/> is supported.</summary>
    internal virtual bool CanIncludeSeen => true;

    /// <summary>What is out of range or impossible in combination; each a sentence.</summary>
    internal virtual IEnumerable<string> Problems() => [];

    /// <summary>The splitter's text and seed: what a split is known by.</summary>
    private protected string Describe(ulong seed) => $"{this} seed {seed}{(IncludeSeen ? ", repeats are targets" : "")}";

    /// <summary>Refuses to run with options out of range, on empty data, or without times where they are needed.</summary>
    private protected void Check(Dataset data, string? needsTimesOr = null)
    {
        List<string> problems = [.. Problems()];
        if (data.Interactions.Count == 0)
        {
            problems.Add($"'{data.Name}' holds no interactions.");
        }

        if (needsTimesOr is not null && !data.Interactions.HasTimes)
        {
            problems.Add($"'{data.Name}' has no times. Name its time column at import, or {needsTimesOr}.");
        }

        if (data.IsLabelled && !DividesLabelled)
        {
            problems.Add($"it asks for positives, but '{data.Name}' holds labelled rows. Use random, temporal, hash or another split of interactions, or keep what has label 1 with the filter positives.");
        }

        if (IncludeSeen && !CanIncludeSeen)
        {
            problems.Add("repeats as targets (include-seen) are not supported here. Use temporal, leave-one-out, ratio-by-user or random.");
        }

        if (problems.Count > 0)
        {
            throw new InputException([.. problems.Select(problem => $"The split '{this}': {problem}")]);
        }
    }
}
