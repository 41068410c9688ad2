using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Filters;

/// <summary>Leaves one interaction of each user with each item.</summary>
/// <param name="Keep">Which one stays. <value>last</value></param>
public sealed record Deduplicate(DuplicatePolicy Keep = DuplicatePolicy.Last) : DataFilter
{
    /// <inheritdoc/>
    public override Dataset Apply(Dataset data)
    {
        Check();
        if (Keep == DuplicatePolicy.Max)
        {
            NeedValues(data);
        }

        if (Keep == DuplicatePolicy.Sum)
        {
            NeedUnlabelled(data, "Keep the first, the last, or the max.");
        }

        var source = data.Interactions;
        var values = Keep == DuplicatePolicy.Sum ? new float[source.Count] : source.Values.OrNull(source.HasValues);
        var kept = Choose(source, new UserTimelines(source, data.Users.Count), values);
        var valued = data.WithInteractions(new Interactions([.. source.Users], [.. source.Items], values, source.Times.OrNull(source.HasTimes)));
        return Retain(valued, row => kept[row], "The data set is empty.");
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("deduplicate", ("keep", Keep));

    internal override IEnumerable<string> Problems() => Enum.IsDefined(Keep) ? [] : [$"keep has no choice {(int)Keep}."];

    // Whether each row stays. Visits a user's rows oldest first; for sums, each row's value becomes the sum so far.
    private bool[] Choose(Interactions source, UserTimelines order, float[]? values)
    {
        var kept = new bool[source.Count];
        var rowOfItem = new Dictionary<int, int>();
        for (var user = 0; user < order.UserCount; user++)
        {
            rowOfItem.Clear();
            foreach (var row in order[user])
            {
                var rival = rowOfItem.TryGetValue(source.Items[row], out var other) ? other : -1;
                if (Keep == DuplicatePolicy.Sum)
                {
                    values![row] = (source.HasValues ? source.Values[row] : 1) + (rival < 0 ? 0 : values[rival]);
                }

                if (rival < 0 || Wins(row, rival, source))
                {
                    rowOfItem[source.Items[row]] = row;
                }
            }

            foreach (var row in rowOfItem.Values)
            {
                kept[row] = true;
            }
        }

        return kept;
    }

    private bool Wins(int newer, int older, Interactions source) => Keep switch
    {
        DuplicatePolicy.First => false,
        DuplicatePolicy.Max => source.Values[newer] >= source.Values[older],
        _ => true,
    };
}
