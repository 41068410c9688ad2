using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// A share of each user's interactions, at random and rounded down: every user weighs the same as in training. Users with too few
/// interactions stay in training alone.
/// </summary>
/// <param name="Test">Share of a user's interactions. <value>0.2</value></param>
/// <param name="Validation">Share of a user's interactions; 0 for none. <value>0.1</value></param>
public sealed record RatioByUser(decimal Test = 0.2m, decimal Validation = 0.1m) : Splitter
{
    /// <inheritdoc/>
    public override Split Apply(Dataset data, ulong seed)
    {
        Check(data);
        var order = new UserRows(data.Interactions, data.Users.Count);
        var parts = new Part[data.Interactions.Count];
        Parallel.For(0, order.UserCount, Parallelism.Loop(), user =>
        {
            var rows = order[user].ToArray();
            new SeededRandom(seed, (ulong)user).Shuffle<int>(rows);
            Shares.Deal(rows, Test.Of(rows.Length), Validation.Of(rows.Length), parts);
        });

        return new InteractionSplit(Describe(seed), data, parts, LookAhead.Note(data)) { HasValidation = Validation > 0 }.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => Call.Print("ratio-by-user", ("test", Test), ("validation", Validation));

    internal override IEnumerable<string> Problems() => Shares.Problems(Test, Validation);
}
