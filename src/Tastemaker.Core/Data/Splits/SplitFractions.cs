namespace Tastemaker.Data.Splits;

/// <summary>
/// Shares of a whole. They are decimal numbers, so that "0.1 of 70" is exactly 7 on every machine.
/// </summary>
internal static class SplitFractions
{
    /// <summary>The whole number of things a share of them is, rounded down.</summary>
    public static int Of(this decimal share, int count) => (int)decimal.Floor(share * count);

    /// <summary>What is wrong with a share for testing and one for validation.</summary>
    public static IEnumerable<string> Problems(decimal test, decimal validation)
    {
        if (test is <= 0 or >= 1)
        {
            yield return FormattableString.Invariant($"test must be a share between 0 and 1, not {test}.");
        }

        if (validation is < 0 or >= 1)
        {
            yield return FormattableString.Invariant($"validation must be a share from 0 (none) to below 1, not {validation}.");
        }

        if (test is > 0 and < 1 && validation is >= 0 and < 1 && test + validation >= 1)
        {
            yield return FormattableString.Invariant($"test ({test}) and validation ({validation}) leave nothing to train on.");
        }
    }

    /// <summary>Gives the first of a shuffled order to test, the next to validation.</summary>
    public static void Deal(ReadOnlySpan<int> shuffled, int test, int validation, SplitPart[] parts)
    {
        for (var index = 0; index < test + validation; index++)
        {
            parts[shuffled[index]] = index < test ? SplitPart.Test : SplitPart.Validation;
        }
    }

    /// <summary>The numbers below a count in random order.</summary>
    public static int[] Shuffled(int count, SeededRandom random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle<int>(order);
        return order;
    }
}
