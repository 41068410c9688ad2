namespace Tastemaker.Serving.Events.Sqlite;

/// <summary>A write that someone waits for.</summary>
/// <param name="cancellation">Of the one who waits.</param>
internal abstract class PendingWrite(CancellationToken cancellation)
{
    /// <summary>Whether nobody waits any more.</summary>
    public bool IsCancelled => cancellation.IsCancellationRequested;

    /// <summary>Writes, inside a transaction; maybe again in another one if that fails.</summary>
    public abstract void Run(SqliteStatements statements);

    /// <summary>It is on disk.</summary>
    public abstract void Succeed();

    /// <summary>It is not stored.</summary>
    public abstract void Fail(Exception failure);
}

/// <summary>A write with a result.</summary>
/// <param name="write">What to do.</param>
/// <param name="cancellation">Of the one who waits.</param>
internal sealed class PendingWrite<T>(Func<SqliteStatements, T> write, CancellationToken cancellation) : PendingWrite(cancellation)
{
    private readonly TaskCompletionSource<T> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;

    /// <summary>The result, once it is on disk.</summary>
    public Task<T> Outcome => outcome.Task;

    /// <inheritdoc/>
    public override void Run(SqliteStatements statements) => result = write(statements);

    /// <inheritdoc/>
    public override void Succeed() => outcome.TrySetResult(result!);

    /// <inheritdoc/>
    public override void Fail(Exception failure) => outcome.TrySetException(failure);
}
