using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// Items of which training holds nothing, for systems that read content: all interactions of randomly chosen items are held out. Systems
/// without content are at the level of chance here.
/// </summary>
/// <param name="Share">Share of items that are tested. <value>0.1</value></param>
/// <param name="Validation">Share of items for validation; 0 for none. <value>0.1</value></param>
/// <param name="Candidates">Whether held-out items compete with each other only. <value>cold</value></param>
public sealed record ColdItems(decimal Share = 0.1m, decimal Validation = 0.1m, CandidateScope Candidates = CandidateScope.Cold) : Splitter
{
    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data);
        var partOfItem = new SplitPart[data.Items.Count];
        int[] items = [.. data.Interactions.Items.ToArray().Distinct().Order()];
        new SeededRandom(seed).Shuffle<int>(items);
        SplitFractions.Deal(items, Share.Of(items.Length), Validation.Of(items.Length), partOfItem);
        var parts = new SplitPart[data.Interactions.Count];
        for (var row = 0; row < parts.Length; row++)
        {
            parts[row] = partOfItem[data.Interactions.Items[row]];
        }

        string[] notes = ["All targets are items that never occur in training, by design of the split."];
        return new InteractionSplit(Describe(seed), data, parts, notes)
        {
            HasValidation = Validation > 0,
            IncludeSeen = IncludeSeen,
            NotesUnseenItems = false,
            Shape = (part, _, hold) => Narrow(hold, part, partOfItem),
        }.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("cold-items", ("share", Share), ("validation", Validation), ("candidates", Candidates));

    internal override IEnumerable<string> Problems() =>
        SplitFractions.Problems(Share, Validation).Select(problem => problem.Replace("test ", "share ", StringComparison.Ordinal));

    private HoldOut Narrow(HoldOut holdOut, SplitPart part, SplitPart[] partOfItem)
    {
        if (Candidates == CandidateScope.All)
        {
            return holdOut;
        }

        int[] cold = [.. Enumerable.Range(0, partOfItem.Length).Where(item => partOfItem[item] == part)];
        if ((long)cold.Length * holdOut.Count > Array.MaxLength)
        {
            throw new InputException(
                $"The split '{this}' would list {cold.Length} candidates for each of {holdOut.Count} users, more than an array can hold. Use a smaller share, or candidates=all.");
        }

        var one = new SparseRows([0, cold.Length], cold, partOfItem.Length);
        return holdOut with { Candidates = one.Gather(new int[holdOut.Count]), CandidateLabel = $"the {cold.Length} cold items" };
    }
}

/// <summary>Among which items held-out items are ranked.</summary>
public enum CandidateScope
{
    /// <summary>The held-out items only.</summary>
    Cold,

    /// <summary>The whole catalog, in which items with a training history compete.</summary>
    All,
}
