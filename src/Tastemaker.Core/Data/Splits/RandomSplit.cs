using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>Random interactions, regardless of user: the usual split for rating prediction.</summary>
/// <param name="Test">Share of interactions. <value>0.2</value></param>
/// <param name="Validation">Share of interactions; 0 for none. <value>0.1</value></param>
public sealed record RandomSplit(decimal Test = 0.2m, decimal Validation = 0.1m) : Splitter
{
    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data);
        var count = data.Interactions.Count;
        var parts = new SplitPart[count];
        SplitFractions.Deal(SplitFractions.Shuffled(count, new SeededRandom(seed)), Test.Of(count), Validation.Of(count), parts);
        return new InteractionSplit(Describe(seed), data, parts, LookAhead.Note(data)) { HasValidation = Validation > 0, IncludeSeen = IncludeSeen }.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("random", ("test", Test), ("validation", Validation));

    internal override IEnumerable<string> Problems() => SplitFractions.Problems(Test, Validation);
}
