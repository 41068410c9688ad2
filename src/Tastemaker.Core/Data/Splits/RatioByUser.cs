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
public sealed record RatioByUser(decimal Test = 0.2m, decimal Validation = 0.1m, LastOrRandom By = LastOrRandom.Random) : Splitter
{
    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data, By == LastOrRandom.Time ? "use ratio-by-user(by=order) where the source is in order of time, or ratio-by-user(by=random)" : null);
        var order = UserRows.Of(data, By);
        var parts = new Part[data.Interactions.Count];
        Parallel.For(0, order.UserCount, Parallelism.Loop(), user =>
        {
            var rows = order[user].ToArray();
            if (By == LastOrRandom.Random)
            {
                new SeededRandom(seed, (ulong)user).Shuffle<int>(rows);
            }
            else
            {
                rows.AsSpan().Reverse();
            }

            Shares.Deal(rows, Test.Of(rows.Length), Validation.Of(rows.Length), parts);
        });

        return new InteractionSplit(Describe(seed), By == LastOrRandom.Order ? data with { IsOrdered = true } : data, parts, By == LastOrRandom.Random ? LookAhead.Note(data) : LookAhead.OfOthers(data, order, parts, By))
        {
            HasValidation = Validation > 0,
            IsOrdered = By != LastOrRandom.Random,
            IncludeSeen = IncludeSeen,
        }.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => Call.Print("ratio-by-user", ("test", Test), ("validation", Validation), ("by", By == LastOrRandom.Random ? null : By));

    internal override IEnumerable<string> Problems() => Shares.Problems(Test, Validation);
}

/// <summary>Which of a user's interactions is left out.</summary>
public enum LastOrRandom
{
    /// <summary>The newest.</summary>
    Time,

    /// <summary>Any.</summary>
    Random,

    /// <summary>The last in the order of the source, for data in order of time without times.</summary>
    Order,
}
