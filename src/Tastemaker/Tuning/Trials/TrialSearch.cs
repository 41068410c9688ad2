using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Tastemaker.Tuning.Trials;

/// <summary>The search itself: work is taken from the queue as long as there is some and a runner is free, and every result is put into the journal.</summary>
/// <param name="plan">What is searched, and how.</param>
/// <param name="observer">Watches; null for nobody.</param>
internal sealed class TrialSearch(TuningPlan plan, ITuningObserver? observer)
{
    /// <summary>Searches, or goes on with what the journal holds.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="makeRunner">Makes what trains trials; not called where nothing is left to do.</param>
    /// <param name="cancellation">Stops; what is finished stays in the journal.</param>
    /// <returns>All trials.</returns>
    /// <exception cref="InputException">The journal is of another search.</exception>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public IReadOnlyList<Trial> Run(Journal journal, Func<ITrialRunner> makeRunner, CancellationToken cancellation)
    {
        Claim(journal);
        var queue = new TrialQueue(plan, journal);
        observer?.On(new TuningEvent.Started(plan, queue.Trials));
        var clock = Stopwatch.StartNew();
        ITrialRunner? runner = null;
        var running = new Dictionary<Task<TrialResult>, TrialJob>();
        try
        {
            while (true)
            {
                while ((runner is null || running.Count < runner.Slots) && !IsOver(clock, cancellation) && queue.Take() is { } job)
                {
                    observer?.On(new TuningEvent.TrialBegan(job));
                    runner ??= makeRunner();
                    running.Add(Begin(runner, job, cancellation), job);
                }

                if (running.Count == 0)
                {
                    break;
                }

                var ended = Task.WhenAny(running.Keys).GetAwaiter().GetResult();
                running.Remove(ended, out var done);
                var result = ended.GetAwaiter().GetResult();
                queue.Put(done!, result);
                observer?.On(new TuningEvent.TrialEnded(done!, result, plan.Best(queue.Trials)));
            }
        }
        finally
        {
            runner?.Dispose();
            Settle(running.Keys);
        }

        cancellation.ThrowIfCancellationRequested();
        observer?.On(new TuningEvent.Ended(
            queue.IsExhausted ? "every setting of the space was tried" : IsOver(clock, cancellation) ? $"the time of {plan.Tuning.Time} is over" : "all trials are done"));
        return queue.Trials;
    }

    private static Task<TrialResult> Begin(ITrialRunner runner, TrialJob job, CancellationToken cancellation)
    {
        try
        {
            return runner.Run(job, cancellation);
        }
        catch (OperationCanceledException)
        {
            return Task.FromCanceled<TrialResult>(cancellation.IsCancellationRequested ? cancellation : new CancellationToken(canceled: true));
        }
    }

    // Trials at work when the search is stopped end with it; what they would report is why it was stopped, or the first failure once more.
    private static void Settle(IEnumerable<Task<TrialResult>> running)
    {
        try
        {
            Task.WaitAll([.. running]);
        }
        catch (AggregateException)
        {
            return;
        }
    }

    private bool IsOver(Stopwatch clock, CancellationToken cancellation) => cancellation.IsCancellationRequested || clock.Elapsed >= plan.Time;

    private void Claim(Journal journal)
    {
        var study = plan.Study();
        if (journal.Study is not { } found)
        {
            journal.Begin(study);
            return;
        }

        var differences = study.Where(entry => !JsonNode.DeepEquals(found[entry.Key], entry.Value)).Select(entry => $"{entry.Key} was {found[entry.Key]} and is {entry.Value}").ToList();
        if (differences.Count > 0)
        {
            throw new InputException(
                $"This folder holds another search: {string.Join("; ", differences)}. Give the command it was begun with, choose another folder with --out, or delete this one.");
        }
    }
}
