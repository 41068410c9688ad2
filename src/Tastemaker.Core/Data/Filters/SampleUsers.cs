using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>
/// Keeps all interactions of users drawn at random, until the next one's would exceed a number of interactions: a sample of a large set that is as dense per
/// user as the whole. Items that no drawn user has are dropped. Data of at most that size stays as it is.
/// </summary>
/// <param name="Interactions">Most interactions that are kept.</param>
/// <param name="Seed">Chooses the users.</param>
public sealed record SampleUsers(int Interactions, ulong Seed = 42) : DataFilter
{
    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        Check();
        var source = data.Interactions;
        if (source.Count <= Interactions)
        {
            return data;
        }

        var counts = new int[data.Users.Count];
        for (var row = 0; row < source.Count; row++)
        {
            counts[source.Users[row]]++;
        }

        int[] order = [.. Enumerable.Range(0, counts.Length)];
        new SeededRandom(Seed).Shuffle(order.AsSpan());
        var kept = new bool[counts.Length];
        var total = 0;
        foreach (var user in order)
        {
            total += counts[user];
            if (total > Interactions)
            {
                break;
            }

            kept[user] = true;
        }

        return Retain(data, row => kept[source.Users[row]], "Allow more interactions.");
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("sample-users", ("interactions", Interactions), ("seed", Seed));

    internal override IEnumerable<string> Problems()
    {
        if (Interactions < 1)
        {
            yield return $"the number of interactions must be at least 1, not {Interactions}.";
        }
    }
}
