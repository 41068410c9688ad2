namespace Tastemaker.Data.Features;

/// <summary>Any number of categories a row: genres, tags.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Categories">The categories by index.</param>
/// <param name="Values">Category indexes of each row.</param>
public sealed record MultiCategoricalColumn(string Name, Vocabulary Categories, SparseRows Values) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    public override int RowCount => Values.RowCount;

    /// <inheritdoc/>
    public override FeatureColumn Select(ReadOnlySpan<int> rows) => this with { Values = Values.Gather(rows) };
}
