using System.Collections.Concurrent;

namespace Tastemaker.Data;

/// <summary>
/// A sparse matrix in compressed sparse row form: row <c>r</c> holds <c>Columns[Offsets[r]..Offsets[r+1])</c>, with an optional value and an
/// optional time beside each entry. The order inside a row carries meaning (a history is oldest first); <see cref="SortedByColumn"/> gives a
/// set view. Immutable by convention; safe to share between threads.
/// </summary>
public sealed class SparseRows
{
    private readonly int[] offsets;
    private readonly int[] columns;
    private readonly float[]? values;
    private readonly long[]? times;

    /// <summary>Wraps the arrays without copying them.</summary>
    /// <param name="offsets">Row starts, length rows + 1, non-decreasing, first 0.</param>
    /// <param name="columns">Column of each entry, in <c>0..columnCount-1</c>.</param>
    /// <param name="columnCount">Number of columns.</param>
    /// <param name="values">One value an entry, or null where every entry counts 1.</param>
    /// <param name="times">One time per entry (<see cref="Timestamps"/>), or null.</param>
    public SparseRows(int[] offsets, int[] columns, int columnCount, float[]? values = null, long[]? times = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(offsets.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsets[^1], columns.Length);
        this.offsets = offsets;
        this.columns = columns;
        this.values = values;
        this.times = times;
        ColumnCount = columnCount;
    }

    /// <summary>Number of rows.</summary>
    public int RowCount => offsets.Length - 1;

    /// <summary>Number of columns.</summary>
    public int ColumnCount { get; }

    /// <summary>Number of stored entries.</summary>
    public int EntryCount => offsets[^1];

    /// <summary>Whether entries carry values other than an implied 1.</summary>
    public bool HasValues => values is not null;

    /// <summary>Whether entries carry times.</summary>
    public bool HasTimes => times is not null;

    /// <summary>Row starts, length rows + 1.</summary>
    public ReadOnlySpan<int> Offsets => offsets;

    /// <summary>Columns of all entries, row after row.</summary>
    public ReadOnlySpan<int> Columns => columns.AsSpan(0, EntryCount);

    /// <summary>Values of all entries, row after row; empty where every entry counts 1.</summary>
    public ReadOnlySpan<float> Values => values is null ? [] : values.AsSpan(0, EntryCount);

    /// <summary>Times of all entries, row after row; empty where there are none.</summary>
    public ReadOnlySpan<long> Times => times is null ? [] : times.AsSpan(0, EntryCount);

    /// <summary>The columns of a row, in the row's order.</summary>
    public ReadOnlySpan<int> this[int row] => columns.AsSpan(offsets[row], offsets[row + 1] - offsets[row]);

    /// <summary>Number of entries in a row.</summary>
    public int Length(int row) => offsets[row + 1] - offsets[row];

    /// <summary>The values of a row; empty where every entry counts 1.</summary>
    public ReadOnlySpan<float> RowValues(int row) => values is null ? [] : values.AsSpan(offsets[row], Length(row));

    /// <summary>The times of a row (<see cref="Timestamps"/>); empty where there are none.</summary>
    public ReadOnlySpan<long> RowTimes(int row) => times is null ? [] : times.AsSpan(offsets[row], Length(row));

    /// <summary>A matrix of <paramref name="rowCount"/> empty rows.</summary>
    public static SparseRows Empty(int rowCount, int columnCount) => new(new int[rowCount + 1], [], columnCount);

    /// <summary>A matrix from one list of columns a row.</summary>
    public static SparseRows FromRows(IReadOnlyList<IReadOnlyList<int>> rows, int columnCount)
    {
        var offsets = new int[rows.Count + 1];
        for (var row = 0; row < rows.Count; row++)
        {
            offsets[row + 1] = offsets[row] + rows[row].Count;
        }

        var columns = new int[offsets[^1]];
        for (var row = 0; row < rows.Count; row++)
        {
            for (var entry = 0; entry < rows[row].Count; entry++)
            {
                columns[offsets[row] + entry] = rows[row][entry];
            }
        }

        return new SparseRows(offsets, columns, columnCount);
    }

    /// <summary>The given rows in the given order; an index of -1 gives an empty row. All rows in their own order are this matrix itself.</summary>
    public SparseRows Gather(ReadOnlySpan<int> rows)
    {
        if (IsAllInOrder(rows))
        {
            return this;
        }

        var newOffsets = new int[rows.Length + 1];
        for (var row = 0; row < rows.Length; row++)
        {
            newOffsets[row + 1] = newOffsets[row] + (rows[row] < 0 ? 0 : Length(rows[row]));
        }

        var count = newOffsets[^1];
        var newColumns = new int[count];
        var newValues = values is null ? null : new float[count];
        var newTimes = times is null ? null : new long[count];
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row] < 0)
            {
                continue;
            }

            this[rows[row]].CopyTo(newColumns.AsSpan(newOffsets[row]));
            RowValues(rows[row]).CopyTo(newValues.AsSpan(newValues is null ? 0 : newOffsets[row]));
            RowTimes(rows[row]).CopyTo(newTimes.AsSpan(newTimes is null ? 0 : newOffsets[row]));
        }

        return new SparseRows(newOffsets, newColumns, ColumnCount, newValues, newTimes);
    }

    /// <summary>The same rows with other values; nothing is copied.</summary>
    /// <param name="entries">A value per entry.</param>
    internal SparseRows WithValues(float[] entries) => new(offsets, columns, ColumnCount, entries, times);

    /// <summary>The same rows with columns renumbered; entries whose column becomes -1 are left out.</summary>
    /// <param name="map">The new column of each.</param>
    /// <param name="columnCount">Number of new columns.</param>
    internal SparseRows WithColumns(ReadOnlySpan<int> map, int columnCount)
    {
        var newOffsets = new int[RowCount + 1];
        List<int> kept = [];
        for (var row = 0; row < RowCount; row++)
        {
            for (var entry = offsets[row]; entry < offsets[row + 1]; entry++)
            {
                if (map[columns[entry]] >= 0)
                {
                    kept.Add(entry);
                }
            }

            newOffsets[row + 1] = kept.Count;
        }

        var newColumns = new int[kept.Count];
        for (var entry = 0; entry < newColumns.Length; entry++)
        {
            newColumns[entry] = map[columns[kept[entry]]];
        }

        return new SparseRows(newOffsets, newColumns, columnCount, values is null ? null : [.. kept.Select(entry => values[entry])], times is null ? null : [.. kept.Select(entry => times[entry])]);
    }

    private bool IsAllInOrder(ReadOnlySpan<int> rows)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row] != row)
            {
                return false;
            }
        }

        return rows.Length == RowCount;
    }

    /// <summary>How many entries each column has.</summary>
    internal int[] CountColumns()
    {
        var counts = new int[ColumnCount];
        foreach (var column in Columns)
        {
            counts[column]++;
        }

        return counts;
    }

    /// <summary>The same matrix with rows and columns exchanged; inside a new row, entries keep the order of the old rows.</summary>
    public SparseRows Transpose()
    {
        var newOffsets = new int[ColumnCount + 1];
        foreach (var column in Columns)
        {
            newOffsets[column + 1]++;
        }

        for (var column = 0; column < ColumnCount; column++)
        {
            newOffsets[column + 1] += newOffsets[column];
        }

        var next = newOffsets.AsSpan(0, ColumnCount).ToArray();
        var newColumns = new int[EntryCount];
        var newValues = values is null ? null : new float[EntryCount];
        var newTimes = times is null ? null : new long[EntryCount];
        for (var row = 0; row < RowCount; row++)
        {
            for (var entry = offsets[row]; entry < offsets[row + 1]; entry++)
            {
                var target = next[columns[entry]]++;
                newColumns[target] = row;
                if (newValues is not null)
                {
                    newValues[target] = values![entry];
                }

                if (newTimes is not null)
                {
                    newTimes[target] = times![entry];
                }
            }
        }

        return new SparseRows(newOffsets, newColumns, RowCount, newValues, newTimes);
    }

    /// <summary>
    /// The distinct columns of each row in ascending order, without values and times: a set view for membership tests by binary search.
    /// </summary>
    public SparseRows SortedByColumn()
    {
        var newOffsets = new int[RowCount + 1];
        var newColumns = Columns.ToArray();
        if (RowCount > 0)
        {
            Parallel.ForEach(Partitioner.Create(0, RowCount), Parallelism.Loop(), range =>
            {
                for (var row = range.Item1; row < range.Item2; row++)
                {
                    newColumns.AsSpan(offsets[row], Length(row)).Sort();
                }
            });
        }

        var write = 0;
        for (var row = 0; row < RowCount; row++)
        {
            var start = write;
            foreach (var column in newColumns.AsSpan(offsets[row], Length(row)))
            {
                if (write == start || newColumns[write - 1] != column)
                {
                    newColumns[write++] = column;
                }
            }

            newOffsets[row + 1] = write;
        }

        return new SparseRows(newOffsets, newColumns, ColumnCount);
    }

    /// <summary>Whether a row contains a column; the row must be ascending (see <see cref="SortedByColumn"/>).</summary>
    public bool SortedRowContains(int row, int column) => this[row].BinarySearch(column) >= 0;
}
