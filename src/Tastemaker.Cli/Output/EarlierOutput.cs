using System.Text.Json;
using Tastemaker.Data;
using Tastemaker.Data.Import.Prepared;
using Tastemaker.Data.Import.Reading;
using Tastemaker.Onnx;

namespace Tastemaker.Cli.Output;

/// <summary>Recognizes what commands wrote earlier, by what stands in it.</summary>
internal static class EarlierOutput
{
    private const int Beginning = 4096;

    /// <summary>Whether a text file begins with these words, or has them near its beginning.</summary>
    public static bool Says(string path, string words)
    {
        try
        {
            using var reader = new StreamReader(path);
            var letters = new char[Beginning];
            return new string(letters, 0, reader.ReadBlock(letters)).Contains(words, StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether a file is delimited text or Parquet of these columns.</summary>
    public static bool HasColumns(string path, IReadOnlyList<string> columns)
    {
        if (!Path.GetExtension(path).Equals(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            return File.ReadLines(path).FirstOrDefault() == string.Join(',', columns);
        }

        try
        {
            using var session = new DuckDbSession(1, CancellationToken.None);
            return session.Rows($"SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet({DuckDbSession.Literal(path)}))").Select(row => row[0]!).SequenceEqual(columns);
        }
        catch (QueryFailedException)
        {
            return false;
        }
    }

    /// <summary>Whether a file is a model that 'taste export' wrote.</summary>
    public static bool IsExport(string path)
    {
        try
        {
            return OnnxRecommender.Version(path).Length > 0;
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>What data was imported from, in the words of its history.</summary>
    public static string SourceOf(Dataset data) => data.History is [var source, ..] ? source : "made by a program";

    /// <summary>What a folder of prepared data was imported from; null where it does not say.</summary>
    public static string? SourceOf(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(folder, PreparedFolder.Manifest)), PreparedJson.Default.PreparedManifest)?.History is [var source, ..] ? source : null;
        }
        catch (Exception failure) when (failure is JsonException or IOException)
        {
            return null;
        }
    }
}
