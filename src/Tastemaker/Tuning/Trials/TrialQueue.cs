using Tastemaker.Data;
using Tastemaker.Tuning.Samplers;
using Tastemaker.Tuning.Space;

namespace Tastemaker.Tuning.Trials;

/// <summary>
/// Decides what is done next and remembers what was done. Its decisions depend on the trials alone, and trial n draws from a random stream of its
/// own, so that a search that was stopped and resumed makes the same ones.
/// </summary>
/// <param name="plan">What is searched, and how.</param>
/// <param name="journal">Where it is written; its trials are gone on with.</param>
internal sealed class TrialQueue(TuningPlan plan, Journal journal)
{
    private readonly List<Trial> trials = [.. journal.Trials];
    private readonly HashSet<int> running = [];
    private bool exhausted;

    /// <summary>All trials.</summary>
    public IReadOnlyList<Trial> Trials => trials;

    /// <summary>Whether the sampler has no setting left that was not tried.</summary>
    public bool IsExhausted => exhausted;

    /// <summary>Takes the next piece of work; null where there is none, or none before another ends.</summary>
    public TrialJob? Take()
    {
        while (true)
        {
            if (Choose() is not { } job)
            {
                return null;
            }

            // Who is promoted after all is trained already stands on the next rung.
            if (job.Rung > 0 && job.Trial.Last is { Ended: true } last)
            {
                Put(job, last with { Seconds = 0 });
                continue;
            }

            running.Add(job.Trial.Number);
            return job;
        }
    }

    /// <summary>Notes a result.</summary>
    public void Put(TrialJob job, TrialResult result)
    {
        journal.Add(job, result);
        job.Trial.Add(result);
        running.Remove(job.Trial.Number);
    }

    private TrialJob? Choose()
    {
        if (trials.FirstOrDefault(trial => trial.Results.Count == 0 && !running.Contains(trial.Number)) is { } waiting)
        {
            return Job(waiting, 0);
        }

        if (plan.Rungs?.Promotion(trials, running, plan.IsBetter) is var (promoted, rung))
        {
            return Job(promoted, rung);
        }

        if (trials.Count < plan.Tuning.Trials && !exhausted && Ask() is { } begun)
        {
            return Job(begun, 0);
        }

        return running.Count == 0 && plan.Rungs?.Finish(trials, plan.IsBetter) is var (leader, next) ? Job(leader, next) : null;
    }

    private Trial? Ask()
    {
        var point = trials.Count == 0 ? plan.Space.PointOf(plan.Start.Options) : plan.Sampler.Next(plan.Space, Observations(), new SeededRandom(plan.Tuning.SearchSeed, (ulong)trials.Count));
        if (point is null)
        {
            exhausted = true;
            return null;
        }

        var trial = new Trial(trials.Count, point);
        journal.Add(trial);
        trials.Add(trial);
        return trial;
    }

    /// <summary>Figures of one rung, because those of different rungs cannot be compared: of the highest that enough trials have reached.</summary>
    private List<Observation> Observations()
    {
        var rung = plan.Rungs?.Top ?? 0;
        while (rung > 0 && trials.Count(trial => trial.Results.Count > rung) < plan.Tuning.Startup)
        {
            rung--;
        }

        return [.. trials.Select(trial => new Observation(trial.Point, trial.Results.Count > rung ? Loss(trial.Results[rung]) : rung > 0 ? Below(trial) : null))];
    }

    // Who did not reach the rung was worse at a lower one; its place there is all that is known, and counts as bad.
    private static double? Below(Trial trial) => trial.Results.Count == 0 ? null : double.MaxValue / (1 + trial.Results.Count);

    private double? Loss(TrialResult result) => result.Metric is { } metric ? plan.IsBetter(1, 0) ? -metric : metric : null;

    private TrialJob Job(Trial trial, int rung) => new(trial, rung, plan.Rungs is { } rungs && rung < rungs.Top ? rungs.Epochs[rung] : null);
}
