namespace Tastemaker.Data.Splits;

/// <summary>Collects what is wrong with rows of a file: the first of each kind in full, of the rest the number.</summary>
internal sealed class RowProblems(string path, int firstLine)
{
    private readonly Dictionary<string, (int Row, string What, int Count)> kinds = [];

    /// <summary>Notes a problem; problems are of one kind if they begin with the same three words.</summary>
    public void Add(int row, string what)
    {
        var kind = string.Join(' ', what.Split(' ').Take(3));
        kinds[kind] = kinds.TryGetValue(kind, out var first) ? first with { Count = first.Count + 1 } : (row, what, 1);
    }

    /// <summary>Throws where there are any.</summary>
    public void ThrowIfAny()
    {
        if (kinds.Count > 0)
        {
            throw new InputException([.. kinds.Values.Select(
                kind => $"'{path}' row {firstLine + kind.Row} {kind.What}{(kind.Count > 1 ? $" ({kind.Count - 1} more rows like this)" : "")}. Mend or remove it.")]);
        }
    }
}
