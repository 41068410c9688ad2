using Tastemaker.Data;
using Tastemaker.Serving.Events.Postgres;

namespace Tastemaker.Serving.Events;

/// <summary>Opens stores by name.</summary>
public static class EventStores
{
    /// <summary>
    /// The store a text names: "" for memory; a URI that begins with "postgres://" or a connection string that begins with "Host=" for PostgreSQL; anything else is
    /// the path of a SQLite file, which is made where there is none.
    /// </summary>
    /// <exception cref="InputException">The store cannot be opened; the message says why and what to do.</exception>
    public static IEventStore Open(string store) =>
        store.Length == 0 ? new MemoryEventStore() : ConnectionText.IsOne(store) ? PostgresEventStore.Open(store) : SqliteEventStore.Open(store);

    /// <summary>Whether a text names a PostgreSQL server, and not a file.</summary>
    public static bool IsServer(string store) => ConnectionText.IsOne(store);

    /// <summary>Whether a file is one that <see cref="ExportAsync"/> wrote.</summary>
    internal static bool IsExport(string path) => ParquetExport.IsOne(path);

    /// <summary>The connection string of the PostgreSQL server that a text names.</summary>
    /// <exception cref="InputException">It names none.</exception>
    internal static string ConnectionString(string store) => ConnectionText.Parse(store);

    /// <summary>The store as a path of training data.</summary>
    internal static string DataPath(string store) => IsServer(store) ? $"postgres:{ConnectionString(store)}" : store;

    /// <summary>Writes a store's interactions to a Parquet file with the columns user, item, value (where any has one) and time, in the order of storing.</summary>
    /// <param name="store">The store.</param>
    /// <param name="path">The file; one that is there is replaced once the new one is whole.</param>
    /// <param name="after">Only interactions with higher numbers; 0 for all.</param>
    /// <param name="progress">Receives the number of interactions read so far.</param>
    /// <param name="cancellation">Gives up; no file is written.</param>
    /// <returns>How many were written, and the number of the last.</returns>
    /// <exception cref="InputException">There are no interactions, or the file cannot be written.</exception>
    public static Task<StoreExport> ExportAsync(
        IEventStore store, string path, long after = 0, IProgress<long>? progress = null, CancellationToken cancellation = default) =>
        store is SqliteEventStore { Path: var own } && Path.GetFullPath(own) == Path.GetFullPath(path)
            ? throw new InputException($"{path} is the event store itself, which the export would replace. Name another file.")
            : ParquetExport.WriteAsync(store, path, after, progress, cancellation);

    /// <summary>Brings a data set into a store: its interactions in the order of their times, and the features of its items and users. An interaction that the store holds
    /// already, with the same user, item, value and time, is not stored again, as often as it is there: after a crash, or when the data has grown, call it again and it goes on.</summary>
    /// <param name="data">The data; interactions without times count as happening now, and are in the store already where one of the same user, item and value is, whenever that was.</param>
    /// <param name="store">The store.</param>
    /// <param name="progress">Receives the number of interactions written so far.</param>
    /// <param name="cancellation">Gives up between batches.</param>
    /// <returns>How many interactions the data has, and how many of them were stored.</returns>
    /// <exception cref="InputException">A text cannot be stored, or the store fails.</exception>
    public static Task<StoreImport> ImportAsync(IEventStore store, Dataset data, IProgress<long>? progress = null, CancellationToken cancellation = default) =>
        DatasetImporter.WriteAsync(data, store, progress, cancellation);
}

/// <summary>What was imported.</summary>
/// <param name="Count">How many interactions the data has.</param>
/// <param name="Added">How many of them were stored; the others were in the store already.</param>
public sealed record StoreImport(long Count, long Added);

/// <summary>What was exported.</summary>
/// <param name="Count">How many interactions.</param>
/// <param name="Last">Number of the last of them.</param>
public sealed record StoreExport(long Count, long Last);
