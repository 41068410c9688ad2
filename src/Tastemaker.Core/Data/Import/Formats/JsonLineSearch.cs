using System.IO.Compression;
using System.Text.Json;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Finds the lines of JSON that are broken: the engine, which reads with several threads, counts lines only roughly.</summary>
internal static class JsonLineSearch
{
    /// <summary>The number of the first line that is no whole JSON object; null where the file is no line a value, or every line is whole.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    public static long? FirstBroken(string path)
    {
        try
        {
            return Lines(path).Where(line => !line.IsWhole).Select(line => (long?)line.Number).FirstOrDefault();
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or InputException)
        {
            return null;
        }
    }

    /// <summary>The lines of a file that holds an object per line, with their numbers from 1; none where the file is a list. Blank lines are left out.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    public static IEnumerable<(long Number, string Text, bool IsWhole)> Lines(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = SourceFile.IsGzip(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var text = new StreamReader(stream);
        var isFirst = true;
        for (long number = 1; text.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (isFirst && line.AsSpan().TrimStart() is ['[', ..])
            {
                yield break; // a list of all values
            }

            isFirst = false;
            yield return (number, line, IsWhole(line));
        }
    }

    private static bool IsWhole(string line)
    {
        try
        {
            using var value = JsonDocument.Parse(line);
            return value.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
