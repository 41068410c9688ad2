using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>
/// Drops users and items with few interactions, once: both are counted before anything is dropped. Several in a row, one side each,
/// express the one-pass preprocessing of session papers: min-count(users=2), min-count(items=5), min-count(users=2).
/// </summary>
/// <param name="Users">Least number of interactions of a user or session. <value>1</value></param>
/// <param name="Items">Least number of interactions of an item. <value>1</value></param>
public sealed record MinimumCount(int Users = 1, int Items = 1) : DataFilter
{
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

        return Retain(data, row => ofUser[source.Users[row]] >= Users && ofItem[source.Items[row]] >= Items, "Lower the minimum.");
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("min-count", ("users", Users), ("items", Items));

    internal override IEnumerable<string> Problems()
    {
        if (Users < 1 || Items < 1)
        {
            yield return $"the minimum must be at least 1, not {Math.Min(Users, Items)}.";
        }
        else if (Users == 1 && Items == 1)
        {
            yield return "give users or items a minimum above 1.";
        }
    }
}
