namespace Tastemaker.Data.Features;

/// <summary>One text a row: a title, a description.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Values">The text of each row; null where missing.</param>
public sealed record TextColumn(string Name, string?[] Values) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    public override int RowCount => Values.Length;

    /// <inheritdoc/>
    public override FeatureColumn Select(ReadOnlySpan<int> rows)
    {
        var selected = new string?[rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            selected[row] = Values[rows[row]];
        }

        return this with { Values = selected };
    }
}
