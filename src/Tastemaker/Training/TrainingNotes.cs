using System.Globalization;
using Tastemaker.Options;

namespace Tastemaker.Training;

/// <summary>What the course of a run tells of its settings: sentences that are printed and stored with its figures.</summary>
internal static class TrainingNotes
{
    private const int FewUpdates = 500;
    private const double ClearRise = 0.01;
    private const string NothingLearned =
        "There was nothing to learn from: no user has enough interactions for this system, so no step was made, the model is as it was initialized, and its lists mean nothing.";

    /// <summary>The notes of a run that has ended; before the training is disposed.</summary>
    public static IReadOnlyList<string> Of(EpochPlan plan, ITraining training, RunState run, TrainingEnd reason, TrainingOptions options) => reason is TrainingEnd.Interrupted
        ? []
        : training.StepsPerEpoch == 0 ? [NothingLearned]
        : [.. new[] { Updates(training, run), LastIsBest(plan, run, options), FirstIsBest(plan, run, reason), training.NoteOn(run) }.OfType<string>()];

    private static string? Updates(ITraining training, RunState run) => training.UpdatesPerEpoch * (long)run.Epochs is { } updates and < FewUpdates
        ? $"The whole run made {updates} updates, which is few: {training.MoreUpdates}."
        : null;

    private static string? LastIsBest(EpochPlan plan, RunState run, TrainingOptions options)
    {
        var before = run.Epochs - 1 - Math.Max(1, run.Epochs / 10);
        if (run.BestEpoch is not { } best || best < run.Epochs - 1 || run.Epochs < plan.Epochs || before < 0)
        {
            return null;
        }

        var earlier = run.History.Take(before + 1).Select(epoch => epoch.Metrics.TryGetValue(options.Metric.ToLowerInvariant(), out var value) ? value : double.NaN)
            .Aggregate((double?)null, (found, value) => Validation.IsBetter(options.Metric, value, found) ? value : found);
        return earlier is { } was && Math.Abs(run.BestMetric!.Value - was) > ClearRise * Math.Abs(was)
            ? string.Create(CultureInfo.InvariantCulture, $"The best epoch is the last of {plan.Epochs}, and {options.Metric} was still improving ({was:0.0000} to {run.BestMetric:0.0000} over the last tenth): raise epochs or learning-rate.")
            : null;
    }

    private static string? FirstIsBest(EpochPlan plan, RunState run, TrainingEnd reason)
    {
        var planned = plan.Epochs - plan.FirstMeasured;
        return reason is TrainingEnd.StoppedEarly && run.BestEpoch - plan.FirstMeasured < planned / 10
            ? $"The best epoch is {run.BestEpoch + 1} of {plan.Epochs} planned, in the first tenth, after which the run got no better: lower learning-rate, or regularize more."
            : null;
    }
}
