using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>Drops an interaction with the same item as the user's (or session's) one before: a reloaded page, a double click.</summary>
public sealed record DropRepeats : DataFilter
{
    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        var source = data.Interactions;
        var order = new UserTimelines(source, data.Users.Count);
        var repeat = new bool[source.Count];
        for (var user = 0; user < order.UserCount; user++)
        {
            var rows = order[user];
            for (var index = 1; index < rows.Length; index++)
            {
                repeat[rows[index]] = source.Items[rows[index]] == source.Items[rows[index - 1]];
            }
        }

        return Retain(data, row => !repeat[row], "The data set is empty.");
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("drop-repeats");
}
