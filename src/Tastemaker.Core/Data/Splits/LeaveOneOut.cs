using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// One interaction of each user for testing and one for validation: the newest and the one before it (of equal times, what is later in the source is newer), the
/// last two in the order of the source, or random ones. Users with fewer than 3 interactions are only trained on.
/// </summary>
/// <param name="By">Which is left out. <value>time</value></param>
/// <param name="Validation">Whether one more is left out for validation. <value>yes</value></param>
public sealed record LeaveOneOut(HoldOutOrder By = HoldOutOrder.Time, ValidationPart Validation = ValidationPart.Yes) : Splitter
{
    private const int LeastInteractions = 3;

    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data, By == HoldOutOrder.Time ? "use leave-one-out(by=order) where the source is in order of time, or leave-one-out(by=random)" : null);
        var order = UserTimelines.Of(data, By);
        var parts = new SplitPart[data.Interactions.Count];
        for (var user = 0; user < order.UserCount; user++)
        {
            var rows = order[user].ToArray();
            if (rows.Length < LeastInteractions)
            {
                continue;
            }

            if (By == HoldOutOrder.Random)
            {
                // Shuffled from this order since the first version, so that a seed keeps its split.
                Array.Sort(rows, Comparer<int>.Create((one, other) => Key(data.Interactions, one).CompareTo(Key(data.Interactions, other))));
                new SeededRandom(seed, (ulong)user).Shuffle<int>(rows);
            }

            parts[rows[^1]] = SplitPart.Test;
            parts[rows[^2]] = Validation == ValidationPart.Yes ? SplitPart.Validation : SplitPart.Train;
        }

        return new InteractionSplit(Describe(seed), By == HoldOutOrder.Order ? data with { IsOrdered = true } : data, parts, By == HoldOutOrder.Random ? LookAhead.Note(data) : LookAhead.OfOthers(data, order, parts, By))
        {
            HasValidation = Validation == ValidationPart.Yes,
            IsOrdered = By != HoldOutOrder.Random,
            IncludeSeen = IncludeSeen,
        }.Build();
    }

    private static (long Time, int Item, int Row) Key(Interactions rows, int row) => (rows.HasTimes ? rows.Times[row] : 0, rows.HasTimes ? rows.Items[row] : 0, row);

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("leave-one-out", ("by", By), ("validation", Validation));
}

/// <summary>Whether a split has a validation part.</summary>
public enum ValidationPart
{
    /// <summary>It has.</summary>
    Yes,

    /// <summary>It has not.</summary>
    No,
}
