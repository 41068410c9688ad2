using System.Threading.Channels;

namespace Tastemaker.Serving.Batching;

/// <summary>
/// Answers concurrent calls together: what gathers while one batch is computed is the next batch, so that under load calls share passes over the catalog,
/// and a lone call waits for nobody. An optional bounded wait lets more gather.
/// </summary>
/// <typeparam name="TQuestion">What is asked.</typeparam>
/// <typeparam name="TAnswer">What is answered.</typeparam>
internal sealed class Coalescer<TQuestion, TAnswer> : IAsyncDisposable
{
    private readonly Channel<Waiting> queue;
    private readonly Func<IReadOnlyList<TQuestion>, IReadOnlyList<TAnswer>> answer;
    private readonly int most;
    private readonly TimeSpan wait;
    private readonly Task[] workers;

    /// <summary>Starts to answer.</summary>
    /// <param name="answer">Answers questions, in their order; called from several threads. Where it throws, each question is asked again by itself, so that only those at fault fail.</param>
    /// <param name="most">Most questions of a batch.</param>
    /// <param name="wait">How long a batch that is not full may wait for more; zero for not at all.</param>
    /// <param name="workers">Batches at a time.</param>
    /// <param name="queued">Most questions that may wait; further ones wait to be taken in.</param>
    public Coalescer(Func<IReadOnlyList<TQuestion>, IReadOnlyList<TAnswer>> answer, int most, TimeSpan wait, int workers, int queued)
    {
        (this.answer, this.most, this.wait) = (answer, most, wait);
        queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(queued) { SingleReader = workers == 1 });
        this.workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Called with the size of each batch.</summary>
    public Action<int>? Answered { get; init; }

    /// <summary>Questions that wait now.</summary>
    public int Waiters => queue.Reader.Count;

    /// <summary>Asks, and waits for the answer.</summary>
    public async Task<TAnswer> AskAsync(TQuestion question, CancellationToken cancellation)
    {
        var waiting = new Waiting(question, cancellation);
        await queue.Writer.WriteAsync(waiting, cancellation).ConfigureAwait(false);
        return await waiting.Answer.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes no more questions, answers those that wait, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await Task.WhenAll(workers).ConfigureAwait(false);
    }

    private async Task WorkAsync()
    {
        var batch = new List<Waiting>(most);
        while (await queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            Take(batch);
            if (batch.Count < most && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait).ConfigureAwait(false);
                Take(batch);
            }

            if (batch.Count > 0)
            {
                Run(batch);
                batch.Clear();
            }
        }
    }

    // Nobody waits for what was cancelled.
    private void Take(List<Waiting> batch)
    {
        while (batch.Count < most && queue.Reader.TryRead(out var waiting))
        {
            if (!waiting.Cancellation.IsCancellationRequested)
            {
                batch.Add(waiting);
            }
        }
    }

    private void Run(List<Waiting> batch)
    {
        try
        {
            var answers = answer([.. batch.Select(waiting => waiting.Question)]);
            for (var place = 0; place < batch.Count; place++)
            {
                batch[place].Answer.TrySetResult(answers[place]);
            }

            Answered?.Invoke(batch.Count);
        }
        catch (Exception error) when (batch.Count == 1)
        {
            batch[0].Answer.TrySetException(error);
        }
        catch (Exception)
        {
            // One question's fault is not its neighbors': each is asked again by itself.
            foreach (var waiting in batch)
            {
                Run([waiting]);
            }
        }
    }

    private sealed record Waiting(TQuestion Question, CancellationToken Cancellation)
    {
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
