using Tastemaker.Data.Features;
using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>
/// Deals the features of items (or users) out anew among them, rows as wholes: a control. What a system gains by content must vanish, since the
/// content is there but says nothing any more. Titles for people stay with their items.
/// </summary>
/// <param name="Side">Whose features.</param>
/// <param name="Seed">Seed of the permutation, which is the same on every machine. <value>42</value></param>
public sealed record ShuffleFeatures(FeatureSide Side, ulong Seed = 42) : DataFilter
{
    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        var table = Side is FeatureSide.Items ? data.ItemFeatures : data.UserFeatures;
        if (table is null)
        {
            throw new InputException($"The filter '{this}' finds no features of {Side.ToString().ToLowerInvariant()} in '{data.Name}': import a file with them.");
        }

        int[] order = [.. Enumerable.Range(0, table.RowCount)];
        new SeededRandom(Seed).Shuffle(order.AsSpan());
        var title = Side is FeatureSide.Items ? data.ItemTitles : null;
        var dealt = new FeatureTable(table.RowCount, [.. table.Columns.Select(column => column == title ? column : column.Select(order))]);
        var history = (string[])[.. data.History, ToString()];
        return Side is FeatureSide.Items ? data with { ItemFeatures = dealt, History = history } : data with { UserFeatures = dealt, History = history };
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("shuffle-features", ("of", Side), ("seed", Seed));
}

/// <summary>Whose features a filter means.</summary>
public enum FeatureSide
{
    /// <summary>Those of items.</summary>
    Items,

    /// <summary>Those of users.</summary>
    Users,
}
