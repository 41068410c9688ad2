namespace Tastemaker.Data.Features;

/// <summary>One category a row: a gender, an hour, a country.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Categories">The categories by index.</param>
/// <param name="Values">Category index of each row; -1 where missing.</param>
public sealed record CategoricalColumn(string Name, Vocabulary Categories, int[] Values) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    public override int RowCount => Values.Length;

    /// <inheritdoc/>
    public override FeatureColumn Select(ReadOnlySpan<int> rows)
    {
        var selected = new int[rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            selected[row] = Values[rows[row]];
        }

        return this with { Values = selected };
    }
}
