using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>Drops the interactions of a user, or with an item: an identifier such as NA or unknown, under which stands what many did, or a test account.</summary>
/// <param name="User">Identifier of the user or session. <value>none</value></param>
/// <param name="Item">Identifier of the item. <value>none</value></param>
public sealed record DropIds(string? User = null, string? Item = null) : DataFilter
{
    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        Check();
        var source = data.Interactions;
        var (user, item) = (Find("user", User, data.Users, data), Find("item", Item, data.Items, data));
        return Retain(data, row => source.Users[row] != user && source.Items[row] != item, "Leave the filter out.");
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("drop", ("user", User), ("item", Item));

    internal override IEnumerable<string> Problems() => User is null && Item is null ? ["name a user or an item."] : [];

    // A mistyped identifier must not pass for one that was dropped.
    private int Find(string kind, string? id, Vocabulary known, Dataset data) =>
        id is null ? -1 : known.IndexOf(id) is >= 0 and var index ? index : throw new InputException($"The filter '{this}' finds no {kind} '{id}' in '{data.Name}'.{Naming.NearestName.DidYouMean(id, known.Ids)}");
}
