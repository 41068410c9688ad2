using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Solvers;

/// <summary>
/// The matrix R of the neighborhood and linear systems: a row a user (or request), items distinct and ascending. Each entry counts 1, or, if
/// values are used, the sum of the values of its interactions.
/// </summary>
internal static class InteractionMatrix
{
    /// <summary>R of a training set [users, items].</summary>
    public static SparseRows Of(TrainingSet train, bool useValues) =>
        useValues && train.ByUser.HasValues
            ? Build(train.UserCount, train.ItemCount, row => train.ByUser[row], row => train.ByUser.RowValues(row))
            : train.Seen;

    /// <summary>R of some requests [requests, items], from the last <paramref name="last"/> items of each history (0: all of it).</summary>
    public static SparseRows Of(RequestBatch requests, int items, bool useValues, int last = 0) =>
        useValues && requests.HasValues
            ? Build(requests.Count, items, row => Tail(requests.History(row), last), row => Tail(requests.HistoryValues(row), last))
            : Build(requests.Count, items, row => Tail(requests.History(row), last), null);

    private delegate ReadOnlySpan<T> Row<T>(int row);

    private static ReadOnlySpan<T> Tail<T>(ReadOnlySpan<T> row, int last) => last > 0 && row.Length > last ? row[^last..] : row;

    private static SparseRows Build(int rows, int items, Row<int> columnsOf, Row<float>? valuesOf)
    {
        var offsets = new int[rows + 1];
        var capacity = 0;
        for (var row = 0; row < rows; row++)
        {
            capacity += columnsOf(row).Length;
        }

        var columns = new int[capacity];
        var values = valuesOf is null ? null : new float[capacity];
        var write = 0;
        for (var row = 0; row < rows; row++)
        {
            var source = columnsOf(row);
            source.CopyTo(columns.AsSpan(write));
            valuesOf?.Invoke(row).CopyTo(values.AsSpan(write));
            write += Distinct(columns.AsSpan(write, source.Length), values is null ? default : values.AsSpan(write, source.Length));
            offsets[row + 1] = write;
        }

        return new SparseRows(offsets, columns, items, values);
    }

    // Sorts a row by column, adds up the values of repeats, and returns how many columns are distinct.
    private static int Distinct(Span<int> columns, Span<float> values)
    {
        if (values.IsEmpty)
        {
            columns.Sort();
        }
        else
        {
            columns.Sort(values);
        }

        var count = 0;
        for (var entry = 0; entry < columns.Length; entry++)
        {
            var isNew = count == 0 || columns[count - 1] != columns[entry];
            count += isNew ? 1 : 0;
            columns[count - 1] = columns[entry];
            if (!values.IsEmpty)
            {
                values[count - 1] = isNew ? values[entry] : values[count - 1] + values[entry];
            }
        }

        return count;
    }
}
