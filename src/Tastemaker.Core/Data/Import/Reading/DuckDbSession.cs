using System.Globalization;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Tastemaker.Data.Import.Reading;

/// <summary>An in-memory DuckDB: runs queries, and streams results chunk by chunk without an object a row.</summary>
internal sealed class DuckDbSession : IDisposable
{
    private readonly DuckDBConnection connection = new("DataSource=:memory:");
    private readonly CancellationToken cancellation;
    private readonly CancellationTokenRegistration interruption;

    public DuckDbSession(int threads, CancellationToken cancellation)
    {
        this.cancellation = cancellation;
        connection.Open();
        interruption = cancellation.Register(() => NativeMethods.Startup.DuckDBInterrupt(connection.NativeConnection));
        Execute($"SET threads = {Math.Max(1, threads)}");
        Execute("SET TimeZone = 'UTC'");
        // Large enough that the reading threads seldom wait for the thread that takes chunks.
        Execute("SET streaming_buffer_size = '32MB'");
        // Nothing is fetched or loaded behind the user's back.
        Execute("SET autoinstall_known_extensions = false");
    }

    public DuckDBConnection Connection => connection;

    /// <summary>Share of the running query that is done, or null where DuckDB cannot tell.</summary>
    public double? Fraction => connection.GetQueryProgress().Percentage is >= 0 and var percent ? percent / 100 : null;

    /// <summary>A text as an SQL literal.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A name as a quoted SQL identifier.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public void Execute(string sql) => Read(sql, static _ => { });

    /// <summary>All rows of a small result, every column as text.</summary>
    public List<string?[]> Rows(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        try
        {
            using var reader = command.ExecuteReader();
            var rows = new List<string?[]>();
            while (reader.Read())
            {
                var row = new string?[reader.FieldCount];
                for (var column = 0; column < row.Length; column++)
                {
                    row[column] = reader.IsDBNull(column) ? null : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture);
                }

                rows.Add(row);
            }

            return rows;
        }
        catch (DuckDBException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new QueryFailedException(failure.Message, failure);
        }
    }

    /// <summary>Runs one statement and hands its result over in chunks while DuckDB's own threads read on.</summary>
    public void Read(string sql, RowChunkReader take)
    {
        cancellation.ThrowIfCancellationRequested();
        var prepared = Prepare(sql);
        try
        {
            var state = NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(prepared, out var result);
            try
            {
                ThrowIfFailed(state, ref result);
                Drain(ref result, take);
            }
            finally
            {
                result.Close();
            }
        }
        finally
        {
            prepared.Dispose();
        }
    }

    public void Dispose()
    {
        interruption.Dispose();
        connection.Dispose();
    }

    private DuckDBPreparedStatement Prepare(string sql)
    {
        if (NativeMethods.PreparedStatements.DuckDBPrepare(connection.NativeConnection, sql, out var prepared).IsSuccess())
        {
            return prepared;
        }

        var message = NativeMethods.PreparedStatements.DuckDBPrepareError(prepared);
        prepared.Dispose();
        throw new QueryFailedException(message);
    }

    private void Drain(ref DuckDBResult result, RowChunkReader take)
    {
        while (true)
        {
            using var chunk = NativeMethods.Query.DuckDBFetchChunk(result);
            cancellation.ThrowIfCancellationRequested();
            if (chunk.IsInvalid)
            {
                ThrowIfFailed(DuckDBState.Success, ref result);
                return;
            }

            take(new RowChunk(chunk));
        }
    }

    private void ThrowIfFailed(DuckDBState state, ref DuckDBResult result)
    {
        var message = NativeMethods.Query.DuckDBResultError(ref result);
        if (!state.IsSuccess() || !string.IsNullOrEmpty(message))
        {
            cancellation.ThrowIfCancellationRequested();
            throw new QueryFailedException(message);
        }
    }
}
