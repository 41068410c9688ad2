namespace Tastemaker.Data.Features;

/// <summary>The words of a text a row, in their order: what is left of a title or an abstract when it is taken apart.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Words">The words by index.</param>
/// <param name="Values">Word indexes of each row, in the order of the text, repeats included; empty where the text is missing.</param>
public sealed record WordSequenceColumn(string Name, Vocabulary Words, SparseRows Values) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    public override int RowCount => Values.RowCount;

    /// <inheritdoc/>
    public override FeatureColumn Select(ReadOnlySpan<int> rows) => this with { Values = Values.Gather(rows) };
}
