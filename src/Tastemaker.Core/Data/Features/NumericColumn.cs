namespace Tastemaker.Data.Features;

/// <summary>One number a row: an age, a price.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Values">The value of each row; NaN where missing.</param>
public sealed record NumericColumn(string Name, float[] Values) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    public override int RowCount => Values.Length;

    /// <inheritdoc/>
    public override FeatureColumn Select(ReadOnlySpan<int> rows)
    {
        var selected = new float[rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            selected[row] = Values[rows[row]];
        }

        return this with { Values = selected };
    }
}
