using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Tastemaker.Serving.Events.Sqlite;

/// <summary>
/// The one that writes to the file: takes all writes that gathered while the last commit ran into one transaction, so that under load many calls share one
/// synchronisation of the disk, and a lone call waits for nobody.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MostWaiting = 4096;
    private const int MostTogether = 1024;

    private readonly Channel<PendingWrite> queue = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly StoreFile file;
    private readonly SqliteStatements statements;
    private readonly Task work;

    /// <summary>Opens the file and begins to write.</summary>
    /// <exception cref="InputException">The file cannot be opened.</exception>
    public SqliteWriter(StoreFile file, TimeSpan keyLifetime)
    {
        this.file = file;
        var connection = file.OpenToWrite();
        statements = new SqliteStatements(connection, keyLifetime);
        work = Task.Run(WorkAsync);
    }

    /// <summary>Writes in a transaction; done when it is on disk.</summary>
    /// <exception cref="EventStoreException">It could not be stored; nothing of it is.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteStatements, T> write, CancellationToken cancellation)
    {
        var pending = new PendingWrite<T>(write, cancellation);
        try
        {
            await queue.Writer.WriteAsync(pending, cancellation).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw new EventStoreException($"The event store {file.Path} is closed: nothing of this call was stored. Repeat the call when the service runs again.", closed);
        }

        return await pending.Outcome.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes no more, writes what waits, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await work.ConfigureAwait(false);
        statements.Dispose();
    }

    private async Task WorkAsync()
    {
        var batch = new List<PendingWrite>();
        while (await queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < MostTogether && queue.Reader.TryRead(out var pending))
            {
                if (!pending.IsCancelled)
                {
                    batch.Add(pending);
                }
            }

            Write(batch);
            batch.Clear();
        }
    }

    private void Write(List<PendingWrite> batch)
    {
        var failure = TryCommit(batch);
        if (failure is null)
        {
            batch.ForEach(pending => pending.Succeed());
        }
        else if (batch.Count == 1)
        {
            batch[0].Fail(failure is SqliteException complaint ? file.Explain(complaint) : failure);
        }
        else
        {
            // What one of them asks for must not fail the others.
            batch.ForEach(pending => Write([pending]));
        }
    }

    private Exception? TryCommit(List<PendingWrite> batch)
    {
        if (batch.Count == 0)
        {
            return null;
        }

        try
        {
            statements.Begin();
            batch.ForEach(pending => pending.Run(statements));
            statements.Commit();
            return null;
        }
        catch (Exception failure)
        {
            statements.RollBack();
            return failure;
        }
    }
}
