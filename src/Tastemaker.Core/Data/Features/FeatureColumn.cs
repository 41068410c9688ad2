using System.Globalization;

namespace Tastemaker.Data.Features;

/// <summary>One typed feature of every row of a <see cref="FeatureTable"/>.</summary>
/// <param name="Name">The column's name, unique in its table.</param>
public abstract record FeatureColumn(string Name)
{
    /// <summary>Number of rows.</summary>
    public abstract int RowCount { get; }

    /// <summary>The same column for the given rows, in the given order.</summary>
    public abstract FeatureColumn Select(ReadOnlySpan<int> rows);

    /// <summary>The value of a row as a request gives it; empty where it is missing.</summary>
    public abstract string Describe(int row);
}

/// <summary>One category a row: a gender, an hour, a country.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Categories">The categories by index.</param>
/// <param name="Values">Category index of each row; -1 where missing.</param>
public sealed record CategoricalColumn(string Name, Vocabulary Categories, int[] Values) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    public override int RowCount => Values.Length;

    /// <inheritdoc/>
    public override string Describe(int row) => Values[row] < 0 ? "" : Categories[Values[row]];

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

/// <summary>Any number of categories a row: genres, tags.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Categories">The categories by index.</param>
/// <param name="Values">Category indexes of each row.</param>
public sealed record MultiCategoricalColumn(string Name, Vocabulary Categories, SparseRows Values) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    public override int RowCount => Values.RowCount;

    /// <inheritdoc/>
    public override string Describe(int row) => string.Join('|', Values[row].ToArray().Select(category => Categories[category]));

    /// <inheritdoc/>
    public override FeatureColumn Select(ReadOnlySpan<int> rows) => this with { Values = Values.Gather(rows) };
}

/// <summary>One number a row: an age, a price.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Values">The value of each row; NaN where missing.</param>
public sealed record NumericColumn(string Name, float[] Values) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    public override int RowCount => Values.Length;

    /// <inheritdoc/>
    public override string Describe(int row) => float.IsNaN(Values[row]) ? "" : Values[row].ToString(CultureInfo.InvariantCulture);

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

/// <summary>One text a row: a title, a description.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Values">The text of each row; null where missing.</param>
public sealed record TextColumn(string Name, string?[] Values) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    public override int RowCount => Values.Length;

    /// <inheritdoc/>
    public override string Describe(int row) => Values[row] ?? "";

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

/// <summary>The words of a text a row, in their order: what is left of a title or an abstract when it is taken apart.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Words">The words by index.</param>
/// <param name="Values">Word indexes of each row, in the order of the text, repeats included; empty where the text is missing.</param>
public sealed record WordSequenceColumn(string Name, Vocabulary Words, SparseRows Values) : FeatureColumn(Name)
{
    /// <inheritdoc/>
    public override int RowCount => Values.RowCount;

    /// <inheritdoc/>
    public override string Describe(int row) => string.Join(' ', Values[row].ToArray().Select(word => Words[word]));

    /// <inheritdoc/>
    public override FeatureColumn Select(ReadOnlySpan<int> rows) => this with { Values = Values.Gather(rows) };
}
