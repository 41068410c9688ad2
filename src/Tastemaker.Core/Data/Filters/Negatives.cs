using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>
/// Makes labelled data of the positives: behind each interaction, with label 1, it adds rows with label 0 of the same user, time and
/// context, with items drawn uniformly and independently among those the user never has in the whole data. Filters come before the split, so that
/// all parts have the same mixture. A model learns the probabilities of the mixture, not of the world.
/// </summary>
/// <param name="PerPositive">Rows with label 0 for each interaction. <value>2</value></param>
/// <param name="Seed">Seed of the draws, which are the same on every machine. <value>42</value></param>
public sealed record Negatives(int PerPositive = 2, ulong Seed = 42) : DataFilter
{
    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        Check();
        NeedUnlabelled(data, "It has rows with label 0 of its own: leave the filter out, or set positives first.");
        var source = data.Interactions;
        if (source.HasValues)
        {
            throw new InputException($"The filter '{this}' takes each interaction for a positive, but those of '{data.Name}' have values. Set binarize first if all count, min-value(...) and binarize if some do.");
        }

        if ((long)source.Count * (1 + PerPositive) > Array.MaxLength)
        {
            throw new InputException($"The filter '{this}' would make {(long)source.Count * (1 + PerPositive):N0} rows of '{data.Name}', which is not supported. Use fewer a positive, or a part of the data.");
        }

        // Every row in place, then its negatives: row r of the source is row r * (1 + n).
        var rows = new int[source.Count * (1 + PerPositive)];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = row / (1 + PerPositive);
        }

        var repeated = data.Restrict(rows, ToString(), shrink: false);
        var (items, labels) = Draw(data);
        var labelled = new Interactions([.. repeated.Interactions.Users], items, labels, repeated.Interactions.Times.OrNull(source.HasTimes));
        return repeated.WithInteractions(labelled) with { IsLabelled = true };
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("negatives", ("per-positive", PerPositive), ("seed", Seed));

    internal override IEnumerable<string> Problems() => PerPositive >= 1 ? [] : [$"per-positive must be at least 1, not {PerPositive}."];

    private (int[] Items, float[] Labels) Draw(Dataset data)
    {
        var source = data.Interactions;
        var seen = source.ByUser(data.Users.Count, data.Items.Count).SortedByColumn();
        var random = new SeededRandom(Seed);
        var items = new int[source.Count * (1 + PerPositive)];
        var labels = new float[items.Length];
        for (var (row, place) = (0, 0); row < source.Count; row++)
        {
            (items[place], labels[place++]) = (source.Items[row], 1);
            var free = data.Items.Count - seen.Length(source.Users[row]);
            if (free == 0)
            {
                throw new InputException($"The filter '{this}': user '{data.Users[source.Users[row]]}' of '{data.Name}' has all {data.Items.Count} items, so there is none to add with label 0. Leave the user out, or use data with more items.");
            }

            for (var negative = 0; negative < PerPositive; negative++)
            {
                items[place++] = Free(seen[source.Users[row]], random.Next(free));
            }
        }

        return (items, labels);
    }

    // The item of a rank among those that are not in an ascending list: the list's first k entries, all below it, push it up by k.
    private static int Free(ReadOnlySpan<int> taken, int rank)
    {
        var (low, high) = (0, taken.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (taken[middle] - middle <= rank)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return rank + low;
    }
}
