using System.IO.Compression;
using System.Text.Json;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Finds the line of JSON that is broken: the engine, which reads with several threads, counts lines only roughly.</summary>
internal static class JsonLineSearch
{
    /// <summary>The number of the first line that is no whole JSON value; null where the file is no line a value, or every line is whole.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    public static long? FirstBroken(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using Stream stream = SourceFile.IsGzip(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var text = new StreamReader(stream);
            for (long number = 1; text.ReadLine() is { } line; number++)
            {
                if (line.AsSpan().TrimStart() is ['[', ..])
                {
                    return null; // values may go over several lines
                }

                if (!string.IsNullOrWhiteSpace(line) && !IsWhole(line))
                {
                    return number;
                }
            }

            return null;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or InputException)
        {
            return null;
        }
    }

    private static bool IsWhole(string line)
    {
        try
        {
            using var _ = JsonDocument.Parse(line);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
