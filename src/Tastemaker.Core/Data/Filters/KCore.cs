using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>
/// The largest part of the data in which every user and every item has enough interactions: dropping one may take another below its
/// minimum, so it is repeated until nothing changes. It changes the task: publish the counts that remain.
/// </summary>
/// <param name="Users">Least number of interactions of a user.</param>
/// <param name="Items">Least number of interactions of an item.</param>
public sealed record KCore(int Users, int Items) : DataFilter
{
    /// <summary>The same minimum on both sides.</summary>
    public KCore(int minimum)
        : this(minimum, minimum)
    {
    }

    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        Check();
        var source = data.Interactions;
        var ofUser = new int[data.Users.Count];
        var ofItem = new int[data.Items.Count];
        for (var row = 0; row < source.Count; row++)
        {
            ofUser[source.Users[row]]++;
            ofItem[source.Items[row]]++;
        }

        var kept = new bool[source.Count];
        Array.Fill(kept, true);
        while (Pass(source, kept, ofUser, ofItem))
        {
        }

        return Retain(data, row => kept[row], "No part of it is that dense: lower the minimum.");
    }

    /// <inheritdoc/>
    public override string ToString() => Users == Items ? SyntaxCall.Print("k-core", (null, Users)) : SyntaxCall.Print("k-core", ("users", Users), ("items", Items));

    internal override IEnumerable<string> Problems()
    {
        if (Users < 1 || Items < 1)
        {
            yield return $"the minimum must be at least 1, not {Math.Min(Users, Items)}.";
        }
    }

    // Drops what is below a minimum by the counts so far; the order of dropping does not matter to where it ends.
    private bool Pass(Interactions source, bool[] kept, int[] ofUser, int[] ofItem)
    {
        var changed = false;
        for (var row = 0; row < kept.Length; row++)
        {
            var (user, item) = (source.Users[row], source.Items[row]);
            if (kept[row] && (ofUser[user] < Users || ofItem[item] < Items))
            {
                kept[row] = false;
                ofUser[user]--;
                ofItem[item]--;
                changed = true;
            }
        }

        return changed;
    }
}
