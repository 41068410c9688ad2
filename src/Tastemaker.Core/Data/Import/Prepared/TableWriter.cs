using DuckDB.NET.Native;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Prepared;

/// <summary>Writes columns to a Parquet file through a table of DuckDB, filled chunk by chunk.</summary>
internal static class TableWriter
{
    public static void Write(DuckDbSession session, string path, int rows, params IReadOnlyList<TableColumn> columns)
    {
        var definition = string.Join(", ", columns.Select(column => $"{DuckDbSession.Name(column.Name)} {column.SqlType}"));
        session.Execute($"CREATE TABLE outgoing ({definition})");
        Fill(session, rows, columns);
        session.Execute($"COPY outgoing TO {DuckDbSession.Literal(path)} (FORMAT parquet, COMPRESSION zstd)");
        session.Execute("DROP TABLE outgoing");
    }

    private static void Fill(DuckDbSession session, int rows, IReadOnlyList<TableColumn> columns)
    {
        Check(NativeMethods.Appender.DuckDBAppenderCreate(session.Connection.NativeConnection, "main", "outgoing", out var appender));
        using var _ = appender;
        var types = columns.Select(column => NativeMethods.LogicalType.DuckDBCreateLogicalType(column.NativeType)).ToArray();
        try
        {
            using var chunk = NativeMethods.DataChunks.DuckDBCreateDataChunk([.. types.Select(type => type.DangerousGetHandle())], (ulong)types.Length);
            var capacity = (int)NativeMethods.Helpers.DuckDBVectorSize();
            for (var start = 0; start < rows; start += capacity)
            {
                var count = Math.Min(capacity, rows - start);
                NativeMethods.DataChunks.DuckDBDataChunkReset(chunk);
                for (var column = 0; column < columns.Count; column++)
                {
                    columns[column].Fill(NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, column), start, count);
                }

                NativeMethods.DataChunks.DuckDBDataChunkSetSize(chunk, (ulong)count);
                Check(NativeMethods.Appender.DuckDBAppendDataChunk(appender, chunk));
            }

            Check(NativeMethods.Appender.DuckDBAppenderFlush(appender));
        }
        finally
        {
            Array.ForEach(types, type => type.Dispose());
        }
    }

    private static void Check(DuckDBState state)
    {
        if (!state.IsSuccess())
        {
            throw new QueryFailedException("DuckDB refused rows that were to be written.");
        }
    }
}
