using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// A share of each user's interactions, rounded down: every user weighs the same as in training. Users with too few interactions stay in
/// training alone.
/// </summary>
/// <param name="Test">Share of a user's interactions. <value>0.2</value></param>
/// <param name="Validation">Share of a user's interactions; 0 for none. <value>0.1</value></param>
/// <param name="By">
/// Which are held out: random ones, the newest (those before them for validation), or the last in the order of the source. <value>random</value>
/// </param>
public sealed record RatioByUser(decimal Test = 0.2m, decimal Validation = 0.1m, HoldOutOrder By = HoldOutOrder.Random) : Splitter
{
    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data, By == HoldOutOrder.Time ? "use ratio-by-user(by=order) where the source is in order of time, or ratio-by-user(by=random)" : null);
        var order = UserTimelines.Of(data, By);
        var parts = new SplitPart[data.Interactions.Count];
        Parallel.For(0, order.UserCount, Parallelism.Loop(), user =>
        {
            var rows = order[user].ToArray();
            if (By == HoldOutOrder.Random)
            {
                new SeededRandom(seed, (ulong)user).Shuffle<int>(rows);
            }
            else
            {
                rows.AsSpan().Reverse();
            }

            SplitFractions.Deal(rows, Test.Of(rows.Length), Validation.Of(rows.Length), parts);
        });

        return new InteractionSplit(Describe(seed), By == HoldOutOrder.Order ? data with { IsOrdered = true } : data, parts, By == HoldOutOrder.Random ? LookAhead.Note(data) : LookAhead.OfOthers(data, order, parts, By))
        {
            HasValidation = Validation > 0,
            IsOrdered = By != HoldOutOrder.Random,
            IncludeSeen = IncludeSeen,
        }.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("ratio-by-user", ("test", Test), ("validation", Validation), ("by", By == HoldOutOrder.Random ? null : By));

    internal override IEnumerable<string> Problems() => SplitFractions.Problems(Test, Validation);
}

/// <summary>Which of a user's interactions is left out.</summary>
public enum HoldOutOrder
{
    /// <summary>The newest.</summary>
    Time,

    /// <summary>Any.</summary>
    Random,

    /// <summary>The last in the order of the source, for data in order of time without times.</summary>
    Order,
}
