using DuckDB.NET.Data;
using Tastemaker.Data;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Serving.Events;

/// <summary>Writes interactions as Parquet, by the engine that imports read with.</summary>
internal static class ParquetExport
{
    private const int ReportEvery = 100_000;

    // In the file's metadata, so that a later export knows it from a file of the user's.
    private const string MarkName = "tastemaker", Mark = "store-export";

    /// <summary>Whether a file is an earlier export.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            using var session = new DuckDbSession(1, CancellationToken.None);
            return session.Rows($"SELECT decode(key), decode(value) FROM parquet_kv_metadata({DuckDbSession.Literal(path)})").Exists(pair => pair is [MarkName, Mark]);
        }
        catch (QueryFailedException)
        {
            return false; // it is no Parquet file
        }
    }

    public static async Task<StoreExport> WriteAsync(IEventStore store, string path, long after, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var session = new DuckDbSession(Environment.ProcessorCount, cancellation);
        session.Execute("CREATE TEMP TABLE events (\"user\" VARCHAR, item VARCHAR, value FLOAT, time TIMESTAMPTZ)");
        var (count, last, valued) = (0L, after, false);
        using (var appender = session.Connection.CreateAppender("temp", "main", "events"))
        {
            await foreach (var one in store.ReadAsync(after, cancellation).ConfigureAwait(false))
            {
                appender.CreateRow().AppendValue(one.User).AppendValue(one.Item).AppendValue(one.Value).AppendValue(one.Time).EndRow();
                (last, valued) = (one.Number, valued || one.Value is not null);
                if (++count % ReportEvery == 0)
                {
                    progress?.Report(count);
                }
            }
        }

        if (count == 0)
        {
            throw new InputException($"The store holds no interactions{(after > 0 ? $" after number {after:N0}" : "")}: there is nothing to export.");
        }

        Write(session, path, valued);
        return new StoreExport(count, last);
    }

    private static void Write(DuckDbSession session, string path, bool valued)
    {
        // A reader never meets half a file.
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            session.Execute($"COPY (SELECT \"user\", item, {(valued ? "value, " : "")}time FROM events) TO {DuckDbSession.Literal(temporary)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{MarkName}: '{Mark}'}})");
            File.Move(temporary, path, overwrite: true);
            Leftovers.Clear(path);
        }
        catch (Exception failure) when (failure is QueryFailedException or IOException or UnauthorizedAccessException)
        {
            throw WriteFailure.Of(failure, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
