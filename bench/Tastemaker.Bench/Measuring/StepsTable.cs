using Tastemaker.Bench.Reports;
using Tastemaker.Data;

namespace Tastemaker.Bench.Measuring;

/// <summary>Measured training steps as a table of docs/performance.md.</summary>
internal static class StepsTable
{
    /// <param name="title">Heading.</param>
    /// <param name="train">The data.</param>
    /// <param name="steps">The measured systems.</param>
    /// <param name="limits">What the machine can do.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="command">The command that was run.</param>
    public static PerformanceTable Of(
        string title, TrainingSet train, IReadOnlyList<StepMeasurement> steps, MachineLimits limits, MachineFacts machine, string command) => new()
    {
        Title = title,
        Text = $"""
            {Figure.Count(train.Interactions.Count)} interactions ({train.Data.Name}) of {Figure.Count(train.UserCount)} users with {Figure.Count(train.ItemCount)} items. *trainer* is a step of training as it runs; *bare* the same
            step on one batch again and again, of which *forward*, *backward* and *update* (the optimizer) are the parts; *fresh* the bare step on batches
            made beforehand, each touching other rows; *build* is the making of a batch, on a thread beside the step. *overhead* is what the optimizer and everything around the mathematics take of the trainer's step.
            *plain* is the bare step written with torch's own modules and dense Adam, as the Python libraries do, its batch made beforehand. *GFLOP/s*
            counts the operations of the matrix products only, beside {Figure.Significant(limits.MultiplyRate / 1e9)} GFLOP/s of a product of two 2048 x 2048 matrices.
            """,
        Columns =
        [
            "system", "batch", "trainer", "samples/s", "epoch", "bare", "fresh", "forward", "backward", "update", "build", "overhead", "plain", "plain / trainer",
            "GFLOP/s", "of GEMM", "managed bytes/step", "peak",
        ],
        Rows = [.. steps.Select(step => Row(step, limits))],
        Findings =
        [
            .. steps.Select(step =>
                $"{step.System}: the trainer takes {Figure.Percent((step.Trainer / step.Bare) - 1)} more than the bare loop, {Figure.Percent((step.Trainer / step.Fresh) - 1)} more than on fresh batches; the optimizer and what is around the mathematics take {Figure.Percent(Overhead(step))} of its step."),
        ],
        Command = command,
        Machine = machine,
    };

    private static double Overhead(StepMeasurement step) => (step.Update + Math.Max(0, step.Trainer - step.Bare)) / step.Trainer;

    private static string[] Row(StepMeasurement step, MachineLimits limits) =>
    [
        step.System,
        Figure.Count(step.BatchSize),
        Figure.Time(step.Trainer),
        Figure.Significant(step.BatchSize / step.Trainer),
        Figure.Time(step.Trainer * step.StepsAnEpoch),
        Figure.Time(step.Bare),
        Figure.Time(step.Fresh),
        Figure.Time(step.Forward),
        Figure.Time(step.Backward),
        Figure.Time(step.Update),
        Figure.Time(step.Build),
        Figure.Percent(Overhead(step)),
        step.Plain is { } plain ? Figure.Time(plain) : "-",
        step.Plain is { } other ? Figure.Ratio(other / step.Trainer) : "-",
        Figure.Significant(step.Operations / step.Trainer / 1e9),
        Figure.Percent(step.Operations / step.Trainer / limits.MultiplyRate),
        Figure.Count((long)step.ManagedBytes),
        Figure.Gibibytes(step.PeakBytes),
    ];
}
