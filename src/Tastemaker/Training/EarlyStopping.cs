using Tastemaker.Options;

namespace Tastemaker.Training;

/// <summary>
/// When a run ends before its last epoch. Many systems stay level with popularity for a while before they learn what sets users apart, so patience alone
/// would end them on this plateau: besides <see cref="TrainingOptions.Patience"/> validations, a tenth of the planned epochs must have passed since the best
/// one, and a fifth of them in all. Both are counted in epochs, so that it does not matter how often the metric is measured.
/// </summary>
internal static class EarlyStopping
{
    private const int SinceBest = 10; // one part of so many
    private const int InAll = 5;

    /// <summary>Whether a run ends now.</summary>
    public static bool IsDue(RunState run, EpochPlan plan, TrainingOptions options) =>
        plan.KeepsBest && options.Patience > 0 && run.BestEpoch is { } best && IsDue(run, best, plan.Epochs - plan.FirstMeasured, plan.FirstMeasured, options.Patience);

    private static bool IsDue(RunState run, int best, int planned, int first, int patience) =>
        run.Waited >= patience && (run.Epochs - 1 - best) * SinceBest >= planned && (run.Epochs - first) * InAll >= planned;
}
