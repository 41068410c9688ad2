using System.Globalization;
using Tastemaker.Data;

namespace Tastemaker.Data.Splits;

/// <summary>Targets that are items which never occur in training: how many there are, and what that means for figures.</summary>
internal static class ColdTargets
{
    /// <summary>Number of targets of a part whose items never occur in training.</summary>
    public static int Count(TrainingSet train, HoldOut part)
    {
        var trained = new bool[train.ItemCount];
        foreach (var item in train.Interactions.Items)
        {
            trained[item] = true;
        }

        var cold = 0;
        foreach (var item in part.Targets.Columns)
        {
            cold += trained[item] ? 0 : 1;
        }

        return cold;
    }

    /// <summary>Whether a part has targets, and no training interaction tells anything of any of them.</summary>
    public static bool AreAll(TrainingSet train, HoldOut part) => part.Targets.EntryCount > 0 && Count(train, part) == part.Targets.EntryCount;

    /// <summary>The one sentence about them.</summary>
    /// <param name="cold">How many; more than 0.</param>
    /// <param name="all">All targets.</param>
    /// <param name="part">"validation", or "test" for what is reported.</param>
    public static string Note(int cold, int all, string part = "test") => string.Create(
        CultureInfo.InvariantCulture,
        $"{cold} of {all} {part} targets ({100.0 * cold / all:0.##} %) are items that never occur in training. They stay targets and candidates; a system that learns from interactions alone knows nothing of them and finds them by chance only.");
}
