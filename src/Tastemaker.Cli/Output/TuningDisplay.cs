using System.Globalization;
using Spectre.Console;
using Tastemaker.Configuration;
using Tastemaker.Training;
using Tastemaker.Tuning;
using Tastemaker.Tuning.Trials;

namespace Tastemaker.Cli.Output;

/// <summary>Shows a search as it goes: a live bar with the best so far on a terminal, a line a trial elsewhere.</summary>
internal sealed class TuningDisplay(IAnsiConsole console) : ITuningObserver, ITrainingObserver
{
    private ProgressContext? bars;
    private ProgressTask? bar;
    private TuningPlan? plan;
    private int finished;
    private string trial = "";
    private string best = "";

    /// <summary>Does some work under this display.</summary>
    public T Show<T>(Func<T> work) => !console.Profile.Capabilities.Interactive
        ? work()
        : console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                bars = context;
                bar = context.AddTask("search");
                return work();
            });

    /// <summary>Watches a run after the search.</summary>
    public ITrainingObserver Final(RunConfiguration configuration)
    {
        bar?.StopTask();
        var label = $"{configuration.System.Id}, for the test part";
        return new TrainingDisplay(console, label, bars?.AddTask(Markup.Escape(label)));
    }

    /// <inheritdoc/>
    public void On(TuningEvent tuningEvent)
    {
        switch (tuningEvent)
        {
            case TuningEvent.Started started:
                plan = started.Plan;
                finished = started.Trials.Count(known => known.Results.Count > 0);
                console.WriteLine($"Searching {string.Join(", ", plan.Space.Dimensions.Select(dimension => $"{dimension.Name} ({dimension.Text})"))}");
                if (finished > 0)
                {
                    console.WriteLine($"Going on after {finished} trials");
                }

                break;
            case TuningEvent.TrialBegan began:
                trial = $"trial {began.Job.Trial.Number}";
                break;
            case TuningEvent.TrialEnded ended:
                Ended(ended);
                break;
            case TuningEvent.Ended end:
                console.WriteLine($"The search is over: {end.Why}.");
                break;
        }

        Draw("");
    }

    /// <inheritdoc/>
    public void On(TrainingEvent trainingEvent)
    {
        if (trainingEvent is TrainingEvent.EpochCompleted epoch)
        {
            Draw($", epoch {epoch.Epoch + 1}");
        }
    }

    private void Ended(TuningEvent.TrialEnded ended)
    {
        finished += ended.Job.Rung == 0 ? 1 : 0;
        best = ended.Best is { Last.Metric: { } metric } leader ? $"best {Number(metric)} (trial {leader.Number})" : "";
        var rung = ended.Job.Until is { } until ? $" to epoch {until}" : "";
        var outcome = ended.Result.Metric is { } value ? $"{plan!.Metric} {Number(value)}" : $"failed: {ended.Result.Failure}";
        console.WriteLine($"trial {ended.Job.Trial.Number}{rung}: {outcome}  {best}  {ended.Job.Trial.Point.Text}  {ended.Result.Seconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
    }

    private void Draw(string more)
    {
        if (bar is not null && plan is not null)
        {
            bar.MaxValue = plan.Tuning.Trials;
            bar.Value = Math.Min(finished, plan.Tuning.Trials);
            bar.Description = Markup.Escape($"{trial}{more}  {best}");
        }
    }

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
