namespace Tastemaker.Data.Features;

/// <summary>Typed features of users, of items or of interactions: row <c>r</c> describes user, item or interaction <c>r</c>. Immutable.</summary>
public sealed class FeatureTable
{
    /// <summary>A table of columns that all have <paramref name="rowCount"/> rows and distinct names.</summary>
    public FeatureTable(int rowCount, IReadOnlyList<FeatureColumn> columns)
    {
        if (columns.FirstOrDefault(column => column.RowCount != rowCount) is { } odd)
        {
            throw new ArgumentException($"Feature '{odd.Name}' has {odd.RowCount} rows where {rowCount} are due.", nameof(columns));
        }

        RowCount = rowCount;
        Columns = columns;
    }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The columns, in source order.</summary>
    public IReadOnlyList<FeatureColumn> Columns { get; }

    /// <summary>The column of that name, or null.</summary>
    public FeatureColumn? Find(string name) => Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The features of a row as a request gives them: by column name, several categories separated by |; without those that are missing.</summary>
    public IReadOnlyDictionary<string, string> Describe(int row) =>
        (from column in Columns let text = column.Describe(row) where text.Length > 0 select (column.Name, text)).ToDictionary(pair => pair.Name, pair => pair.text, StringComparer.OrdinalIgnoreCase);

    /// <summary>A table without columns.</summary>
    public static FeatureTable Empty(int rowCount) => new(rowCount, []);

    /// <summary>The same features for the given rows, in the given order.</summary>
    public FeatureTable Select(ReadOnlySpan<int> rows)
    {
        var selected = new FeatureColumn[Columns.Count];
        for (var column = 0; column < selected.Length; column++)
        {
            selected[column] = Columns[column].Select(rows);
        }

        return new FeatureTable(rows.Length, selected);
    }
}
