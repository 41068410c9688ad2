using System.IO.Compression;
using System.Text;
using DuckDB.NET.Data;

namespace Tastemaker.Core.Tests.Data.Import;

/// <summary>A folder for generated files that goes away with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tastemaker-test-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text, Encoding? encoding = null)
    {
        var path = At(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, (encoding ?? new UTF8Encoding(false)).GetBytes(text));
        return path;
    }

    public string WriteGzip(string name, string text)
    {
        using var file = File.Create(At(name));
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(text));
        return At(name);
    }

    /// <summary>A Parquet file with the rows of a query.</summary>
    public string WriteParquet(string name, string query)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({query}) TO '{At(name)}' (FORMAT parquet)";
        command.ExecuteNonQuery();
        return At(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
