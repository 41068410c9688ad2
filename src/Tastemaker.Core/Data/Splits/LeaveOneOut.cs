using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// One interaction of each user for testing and one for validation: the newest and the one before it (equal times: larger item index is
/// newer), the last two in the order of the source, or random ones. Users with fewer than 3 interactions are only trained on.
/// </summary>
/// <param name="By">Which is left out. <value>time</value></param>
/// <param name="Validation">Whether one more is left out for validation. <value>yes</value></param>
public sealed record LeaveOneOut(LastOrRandom By = LastOrRandom.Time, WithOrWithout Validation = WithOrWithout.Yes) : Splitter
{
    private const int LeastInteractions = 3;

    /// <inheritdoc/>
    public override Split Apply(Dataset data, ulong seed)
    {
        Check(data, By == LastOrRandom.Time ? "use leave-one-out(by=order) where the source is in order of time, or leave-one-out(by=random)" : null);
        var source = By == LastOrRandom.Order ? new Interactions(data.Interactions.Users.ToArray(), data.Interactions.Items.ToArray()) : data.Interactions;
        var order = new UserRows(source, data.Users.Count, tiesByItem: true);
        var parts = new Part[data.Interactions.Count];
        for (var user = 0; user < order.UserCount; user++)
        {
            var rows = order[user].ToArray();
            if (rows.Length < LeastInteractions)
            {
                continue;
            }

            if (By == LastOrRandom.Random)
            {
                new SeededRandom(seed, (ulong)user).Shuffle<int>(rows);
            }

            parts[rows[^1]] = Part.Test;
            parts[rows[^2]] = Validation == WithOrWithout.Yes ? Part.Validation : Part.Train;
        }

        IReadOnlyList<string> leak = By == LastOrRandom.Random
            ? LookAhead.Note(data)
            : [$"Leave-one-out by {By.ToString().ToLowerInvariant()} leaks global time: other users' interactions later than a user's last one are in training."];
        return new InteractionSplit(Describe(seed), By == LastOrRandom.Order ? data with { IsOrdered = true } : data, parts, leak) { HasValidation = Validation == WithOrWithout.Yes }.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => Call.Print("leave-one-out", ("by", By), ("validation", Validation));
}
