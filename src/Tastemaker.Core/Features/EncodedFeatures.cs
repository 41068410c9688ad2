using Tastemaker.Data;

namespace Tastemaker.Features;

/// <summary>
/// The fields of one source (users, items, or contexts) as models read them: for each row an index of every category field, the indexes of
/// every many-valued field, and the numbers. Fields are in the order of <see cref="FeatureSchema"/>.
/// </summary>
/// <param name="RowCount">Number of rows.</param>
/// <param name="Categories">Indexes [rows, category fields].</param>
/// <param name="Many">Indexes of each many-valued field, with weights.</param>
/// <param name="Numbers">Numbers [rows, number fields].</param>
internal sealed record EncodedFeatures(int RowCount, int[] Categories, IReadOnlyList<SparseRows> Many, float[] Numbers)
{
    /// <summary>Number of category fields.</summary>
    public int CategoryCount => RowCount == 0 ? 0 : Categories.Length / RowCount;

    /// <summary>Number of number fields.</summary>
    public int NumberCount => RowCount == 0 ? 0 : Numbers.Length / RowCount;

    /// <summary>The category indexes of a row.</summary>
    public ReadOnlySpan<int> CategoriesOf(int row) => Categories.AsSpan(row * CategoryCount, CategoryCount);

    /// <summary>The numbers of a row.</summary>
    public ReadOnlySpan<float> NumbersOf(int row) => Numbers.AsSpan(row * NumberCount, NumberCount);
}
