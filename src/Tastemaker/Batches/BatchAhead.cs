using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Tastemaker.Batches;

/// <summary>
/// Builds the batches of an epoch on a thread of its own, a few ahead of the step that uses them, so that sampling costs the step nothing.
/// </summary>
internal sealed class BatchAhead<TBatch> : IDisposable
    where TBatch : Batch
{
    private const int Capacity = 8;
    private const int Refill = Capacity / 2; // the builder sleeps when all is full, and until half is used: waking it for each batch costs the step more than the batch
    private readonly Queue<TBatch> ready = new(Capacity); // also the monitor
    private readonly IEnumerable<TBatch> batches;
    private readonly Thread worker;
    private Exception? failure;
    private bool finished;
    private bool stopped;

    /// <summary>Starts building.</summary>
    public BatchAhead(IEnumerable<TBatch> batches)
    {
        this.batches = batches;
        worker = new Thread(Build) { IsBackground = true, Name = "batches" };
        worker.Start();
    }

    /// <summary>The next batch, in the source's order; false after the last. Rethrows what the source threw.</summary>
    public bool TryTake([NotNullWhen(true)] out TBatch? batch)
    {
        lock (ready)
        {
            while (ready.Count == 0 && !finished)
            {
                Monitor.Wait(ready);
            }

            if (ready.TryDequeue(out batch))
            {
                if (ready.Count == Refill)
                {
                    Monitor.Pulse(ready);
                }

                return true;
            }

            if (failure is not null)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            return false;
        }
    }

    /// <summary>Stops building and hands unused batches back.</summary>
    public void Dispose()
    {
        lock (ready)
        {
            stopped = true;
            Monitor.PulseAll(ready);
        }

        worker.Join();
        while (ready.TryDequeue(out var batch))
        {
            batch.Dispose();
        }
    }

    private void Build()
    {
        try
        {
            foreach (var batch in batches)
            {
                if (!Put(batch))
                {
                    return;
                }
            }
        }
        catch (Exception exception) // carried to the training thread, which rethrows it
        {
            failure = exception;
        }
        finally
        {
            lock (ready)
            {
                finished = true;
                Monitor.PulseAll(ready);
            }
        }
    }

    private bool Put(TBatch batch)
    {
        lock (ready)
        {
            if (ready.Count == Capacity)
            {
                while (ready.Count > Refill && !stopped)
                {
                    Monitor.Wait(ready);
                }
            }

            if (stopped)
            {
                batch.Dispose();
                return false;
            }

            ready.Enqueue(batch);
            if (ready.Count == 1)
            {
                Monitor.Pulse(ready); // only then may the step be waiting
            }

            return true;
        }
    }
}
