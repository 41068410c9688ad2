namespace Tastemaker.Data.Features;

/// <summary>One typed feature of every row of a <see cref="FeatureTable"/>.</summary>
/// <param name="Name">The column's name, unique in its table.</param>
public abstract record FeatureColumn(string Name)
{
    /// <summary>Number of rows.</summary>
    public abstract int RowCount { get; }

    /// <summary>The same column for the given rows, in the given order.</summary>
    public abstract FeatureColumn Select(ReadOnlySpan<int> rows);
}
