using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Tastemaker.Training;

namespace Tastemaker.Cli.Output;

/// <summary>Shows a run as it goes: a live bar on a terminal, a line an epoch elsewhere.</summary>
internal sealed class TrainingDisplay(IAnsiConsole console, string label, ProgressTask? task = null) : ITrainingObserver
{
    private readonly Stopwatch sinceLine = Stopwatch.StartNew();
    private ProgressTask? bar = task;
    private TrainingEvent.Started? run;
    private string metrics = "";
    private int finishedEpochs;

    /// <summary>Does some training work under this display.</summary>
    public T Show<T>(Func<ITrainingObserver, T> work)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            return work(this);
        }

        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                bar = context.AddTask(Markup.Escape(label));
                return work(this);
            });
    }

    /// <inheritdoc/>
    public void On(TrainingEvent trainingEvent)
    {
        switch (trainingEvent)
        {
            case TrainingEvent.Started started:
                run = started;
                finishedEpochs = started.FirstEpoch;
                if (started.FirstEpoch > 0)
                {
                    console.WriteLine($"{label}: going on after {started.FirstEpoch} finished epochs");
                }

                break;
            case TrainingEvent.Progressed step:
                Step(step);
                break;
            case TrainingEvent.EpochCompleted epoch:
                finishedEpochs = epoch.Epoch + 1;
                Epoch(epoch);
                break;
            case TrainingEvent.Finished finished:
                Finish(finished);
                break;
        }
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    // Epochs are counted through, so that the best epoch of the last line is found among them.
    private string Place(int epoch) => epoch < run?.PretrainingEpochs ? $"pretraining epoch {epoch + 1}/{run.PretrainingEpochs}" : $"epoch {epoch + 1}/{run?.Epochs}";

    private void Step(TrainingEvent.Progressed step)
    {
        if (run is null)
        {
            return;
        }

        if (bar is null)
        {
            // Epochs that take long are told of while they run.
            if (sinceLine.Elapsed > TimeSpan.FromSeconds(30))
            {
                sinceLine.Restart();
                console.WriteLine($"{label}: {Place(step.Epoch)}, step {step.Step:N0} of {step.Steps:N0}  loss {Number(step.Loss)}  {step.SamplesPerSecond:N0}/s");
            }

            return;
        }

        bar.MaxValue = Math.Max(1, run.Epochs);
        bar.Value = Math.Min(run.Epochs, step.Epoch + ((double)step.Step / Math.Max(1, step.Steps)));
        bar.Description = Markup.Escape($"{label}  {Place(step.Epoch)}  loss {Number(step.Loss)}  {metrics}{step.SamplesPerSecond:N0}/s");
    }

    private void Epoch(TrainingEvent.EpochCompleted epoch)
    {
        metrics = string.Concat(epoch.Metrics.Select(metric => $"{metric.Key} {Number(metric.Value)}  "));
        if (bar is not null)
        {
            bar.MaxValue = Math.Max(1, run?.Epochs ?? 1);
            bar.Value = epoch.Epoch + 1;
        }
        else if (epoch.Loss is not null || epoch.Metrics.Count > 0)
        {
            // Logs get a line every few seconds, not one for each of a thousand short epochs.
            if (sinceLine.Elapsed > TimeSpan.FromSeconds(5) || epoch.Epoch == 0)
            {
                sinceLine.Restart();
                var loss = epoch.Loss is { } value ? $"loss {Number(value)}  " : "";
                console.WriteLine($"{label}: {Place(epoch.Epoch)}  {loss}{metrics}{epoch.Seconds:0.0} s  {epoch.MemoryBytes >> 20} MiB");
            }
        }
    }

    private void Finish(TrainingEvent.Finished finished)
    {
        bar?.StopTask();
        var best = finished.BestMetric is { } metric ? $", best epoch {finished.BestEpoch + 1} ({Number(metric)})" : "";
        var how = finished.Reason switch
        {
            TrainingEnd.StoppedEarly => "stopped early",
            // Who stops a run of one long epoch must learn that its steps are gone.
            TrainingEnd.Interrupted => finishedEpochs == 0
                ? "interrupted in its first epoch, of which nothing is saved,"
                : $"interrupted after {finishedEpochs} finished {(finishedEpochs == 1 ? "epoch" : "epochs")}, which {(finishedEpochs == 1 ? "is" : "are")} saved; the steps of epoch {finishedEpochs + 1} are not;",
            _ => "done",
        };
        console.WriteLine($"{label}: {how} in {finished.Seconds:0.0} s{best}");
    }
}
