using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// Cuts at moments that are the same for all users: what came before is learned from, what came after is tested. The only split without
/// look-ahead. Interactions at the moment of a cut belong to the later part, so a part may be larger than its share.
/// </summary>
public sealed record Temporal : Splitter
{
    /// <summary>Share of interactions, the newest. <value>0.1</value> Not used where <see cref="TestFrom"/> is given.</summary>
    public decimal Test { get; init; } = 0.1m;

    /// <summary>Share of interactions, those before the test; 0 for none. <value>0.1</value> Not used where <see cref="TestFrom"/> is given.</summary>
    public decimal Validation { get; init; } = 0.1m;

    /// <summary>First second of the test part (Unix); null to cut by share.</summary>
    public long? TestFrom { get; init; }

    /// <summary>First second of the validation part (Unix); null for no validation part, or where cut by share.</summary>
    public long? ValidationFrom { get; init; }

    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data, "use random or ratio-by-user");
        var times = data.Interactions.Times;
        var (validationFrom, testFrom) = Cuts(times);
        var parts = new SplitPart[times.Length];
        for (var row = 0; row < parts.Length; row++)
        {
            parts[row] = times[row] >= testFrom ? SplitPart.Test : times[row] >= validationFrom ? SplitPart.Validation : SplitPart.Train;
        }

        var cuts = validationFrom < testFrom ? $"validation from {Timestamps.Print(validationFrom)}, test from {Timestamps.Print(testFrom)}" : $"test from {Timestamps.Print(testFrom)}";
        return new InteractionSplit(Describe(seed), data, parts, [$"Cut by time: {cuts}."]) { HasValidation = validationFrom < testFrom, IsOrdered = true, IncludeSeen = IncludeSeen }.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => TestFrom is { } from
        ? SyntaxCall.Print("temporal", ("test-from", Timestamps.Print(Timestamps.OfSeconds(from))), ("validation-from", ValidationFrom is { } moment ? Timestamps.Print(Timestamps.OfSeconds(moment)) : null))
        : SyntaxCall.Print("temporal", ("test", Test), ("validation", Validation));

    internal override IEnumerable<string> Problems()
    {
        if (TestFrom is null)
        {
            return ValidationFrom is null ? SplitFractions.Problems(Test, Validation) : ["validation-from needs test-from."];
        }

        return ValidationFrom >= TestFrom ? ["validation-from must be before test-from."] : [];
    }

    private (long Validation, long Test) Cuts(ReadOnlySpan<long> times)
    {
        if (TestFrom is { } from)
        {
            return (Timestamps.OfSeconds(ValidationFrom ?? from), Timestamps.OfSeconds(from));
        }

        var sorted = times.ToArray();
        Array.Sort(sorted);
        var test = Test.Of(sorted.Length);
        var held = test + Validation.Of(sorted.Length);
        if (test == 0)
        {
            throw new InputException($"The split '{this}' of {sorted.Length} interactions has an empty test part. Use a larger share.");
        }

        var (validationFrom, testFrom) = (sorted[^held], sorted[^test]);
        return Validation == 0 || validationFrom < testFrom
            ? (validationFrom, testFrom)
            : throw new InputException($"The split '{this}' has an empty validation part: its interactions all have the time {Timestamps.Print(testFrom)}, where the test begins. Use larger shares, or dates.");
    }
}
