namespace Tastemaker.Data.Splits;

/// <summary>Collects sparse rows entry by entry, with the values and times of the interactions they come from.</summary>
internal sealed class RowsBuilder(Interactions source)
{
    private readonly List<int> offsets = [0];
    private readonly List<int> columns = [];
    private readonly List<float>? values = source.HasValues ? [] : null;
    private readonly List<long>? times = source.HasTimes ? [] : null;

    /// <summary>Number of finished rows.</summary>
    public int RowCount => offsets.Count - 1;

    /// <summary>Number of entries.</summary>
    public int EntryCount => columns.Count;

    /// <summary>Adds an entry that stands for an interaction.</summary>
    public void Add(int row, int column)
    {
        columns.Add(column);
        values?.Add(source.Values[row]);
        times?.Add(source.Times[row]);
    }

    /// <summary>Finishes the row; it may be empty.</summary>
    public void EndRow() => offsets.Add(columns.Count);

    /// <summary>The rows.</summary>
    public SparseRows Build(int columnCount) =>
        new([.. offsets], [.. columns], columnCount, values?.ToArray(), times?.ToArray());
}
