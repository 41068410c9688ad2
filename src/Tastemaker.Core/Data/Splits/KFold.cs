using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>One of several random parts of equal size for testing, so that over all folds each interaction is tested once.</summary>
/// <param name="Fold">Which part is tested, from 0. <value>0</value></param>
/// <param name="Of">Number of parts. <value>5</value></param>
/// <param name="Validation">Share of the interactions outside the fold; 0 for none. <value>0</value></param>
public sealed record KFold(int Fold = 0, int Of = 5, decimal Validation = 0) : Splitter
{
    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data);
        var order = SplitFractions.Shuffled(data.Interactions.Count, new SeededRandom(seed));
        var parts = new SplitPart[order.Length];
        var others = new List<int>(order.Length);
        for (var place = 0; place < order.Length; place++)
        {
            if (place % Of == Fold)
            {
                parts[order[place]] = SplitPart.Test;
            }
            else
            {
                others.Add(order[place]);
            }
        }

        SplitFractions.Deal([.. others], 0, Validation.Of(others.Count), parts);
        return new InteractionSplit(Describe(seed), data, parts, LookAhead.Note(data)) { HasValidation = Validation > 0, IncludeSeen = IncludeSeen }.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("k-fold", ("fold", Fold), ("of", Of), ("validation", Validation));

    internal override IEnumerable<string> Problems()
    {
        if (Of < 2)
        {
            yield return $"of must be at least 2, not {Of}.";
        }
        else if (Fold < 0 || Fold >= Of)
        {
            yield return $"fold must be from 0 to {Of - 1}, not {Fold}.";
        }

        if (Validation is < 0 or >= 1)
        {
            yield return FormattableString.Invariant($"validation must be a share from 0 (none) to below 1, not {Validation}.");
        }
    }
}
