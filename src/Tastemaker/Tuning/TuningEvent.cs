using Tastemaker.Tuning.Trials;

namespace Tastemaker.Tuning;

/// <summary>Something that happened in a search; delivered in order, on the thread that runs it.</summary>
internal abstract record TuningEvent
{
    /// <summary>The search begins, or goes on with trials of an earlier run.</summary>
    public sealed record Started(TuningPlan Plan, IReadOnlyList<Trial> Trials) : TuningEvent;

    /// <summary>Work on a trial begins.</summary>
    public sealed record TrialBegan(TrialJob Job) : TuningEvent;

    /// <summary>A trial came to a rung, or to its end.</summary>
    /// <param name="Job">The work.</param>
    /// <param name="Result">What it gave.</param>
    /// <param name="Best">The best trial now; null where all failed.</param>
    public sealed record TrialEnded(TrialJob Job, TrialResult Result, Trial? Best) : TuningEvent;

    /// <summary>No more trials begin.</summary>
    public sealed record Ended(string Why) : TuningEvent;
}

/// <summary>Watches a search.</summary>
internal interface ITuningObserver
{
    /// <summary>Called for every event, in order.</summary>
    void On(TuningEvent tuningEvent);
}
