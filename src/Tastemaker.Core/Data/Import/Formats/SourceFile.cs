using System.IO.Compression;
using System.Text;
using Tastemaker.Data.Locations;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Checks that files are there, hold something, and are what their names say, before anything reads them.</summary>
internal static class SourceFile
{
    private const int PeekLength = 1 << 16;

    /// <summary>The files of paths with wildcards expanded in name order.</summary>
    /// <exception cref="InputException">Some do not exist, or nothing matches; all are listed, with the nearest name in the folder.</exception>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> paths)
    {
        var files = new List<string>();
        var problems = new List<string>();
        foreach (var path in paths)
        {
            var matches = Matches(path);
            files.AddRange(matches);
            if (matches.Count == 0)
            {
                problems.Add(Missing(path));
            }
        }

        return problems.Count == 0 ? files : throw new InputException(problems);
    }

    /// <summary>The name without folder, ".gz" and the extension before it.</summary>
    public static string Stem(string path) => Path.GetFileNameWithoutExtension(WithoutGzip(path));

    /// <summary>The path without a final ".gz".</summary>
    public static string WithoutGzip(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;

    /// <summary>The file or its gzip twin in a folder, or null.</summary>
    public static string? Sibling(string folder, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (File.Exists(Path.Combine(folder, name)))
            {
                return Path.Combine(folder, name);
            }

            if (File.Exists(Path.Combine(folder, name + ".gz")))
            {
                return Path.Combine(folder, name + ".gz");
            }
        }

        return null;
    }

    /// <summary>Whether the first bytes are gzip's; they must agree with the name.</summary>
    /// <exception cref="InputException">The file is empty, or not what its name says.</exception>
    public static bool IsGzip(string path)
    {
        var start = FirstBytes(path);
        var named = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        var gzip = start.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);
        if (start.Length == 0)
        {
            throw new InputException($"{path} is empty.");
        }

        if (named && !gzip)
        {
            throw new InputException($"{path} is named .gz but is not gzip. If it is plain text, rename it without .gz; otherwise fetch it again.");
        }

        var alien = Alien(start);
        return alien is null ? gzip : throw new InputException($"{path} is {alien}");
    }

    /// <summary>DuckDB's name of the compression of a text file, which is checked to be whole.</summary>
    /// <exception cref="InputException">The file is empty, is not what its name says, or is gzip that is cut short or damaged.</exception>
    public static string Compression(string path) => TextScan.Of(path).IsGzip ? "gzip" : "none";

    /// <summary>Checks the marks at both ends of a Parquet file.</summary>
    /// <exception cref="InputException">The file is not Parquet.</exception>
    public static void CheckParquet(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> mark = stackalloc byte[4];
        var valid = stream.Length >= 12 && stream.ReadAtLeast(mark, 4, false) == 4 && mark.SequenceEqual("PAR1"u8);
        if (valid)
        {
            stream.Seek(-4, SeekOrigin.End);
            valid = stream.ReadAtLeast(mark, 4, false) == 4 && mark.SequenceEqual("PAR1"u8);
        }

        if (!valid)
        {
            throw new InputException($"{path} is {(stream.Length == 0 ? "empty" : "named Parquet but is not a Parquet file, or is cut short")}. " +
                "Fetch it again, or rename it after what it is.");
        }
    }

    /// <summary>The beginning of a text file, unpacked; up to 64 KiB.</summary>
    /// <exception cref="InputException">The file is empty, damaged, or not what its name says.</exception>
    public static byte[] Peek(string path)
    {
        var gzip = IsGzip(path);
        try
        {
            using var file = File.OpenRead(path);
            using Stream stream = gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
            var buffer = new byte[PeekLength];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length > 0 ? buffer[..length] : throw new InputException($"{path} is empty.");
        }
        catch (InvalidDataException damage)
        {
            throw new InputException($"{path} is damaged gzip: {damage.Message} Fetch it again.", damage);
        }
    }

    private static byte[] FirstBytes(string path)
    {
        using var stream = File.OpenRead(path);
        var buffer = new byte[16];
        return buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }

    private static string? Alien(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("PAR1"u8))
        {
            return "a Parquet file: rename it to .parquet, or set the format to parquet.";
        }

        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return "UTF-16 text inside a folder, or UTF-32 text: save it as UTF-8.";
        }

        if (start.StartsWith("SQLite format 3"u8))
        {
            return "an SQLite database: give the path as sqlite:PATH together with a query.";
        }

        return start.StartsWith("PK\u0003\u0004"u8) ? "a ZIP archive inside a folder: unpack it." : null;
    }

    private static IReadOnlyList<string> Matches(string path)
    {
        if (File.Exists(path) || Directory.Exists(path))
        {
            return [path];
        }

        var pattern = Path.GetFileName(path);
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } named ? named : ".";
        return pattern.AsSpan().ContainsAny('*', '?') && Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)]
            : [];
    }

    private static string Missing(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".";
        if (!Directory.Exists(folder))
        {
            var kept = Path.IsPathRooted(path) ? "" : $" Nor is it below the data folder {DataRoot.Resolve()}, which the environment variable {DataRoot.Variable} moves.";
            return $"{path} does not exist, nor does its folder {folder}.{kept}";
        }

        var names = Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!);
        return $"{path} does not exist.{Naming.NearestName.DidYouMean(Path.GetFileName(path), names)}";
    }

    /// <summary>Text of bytes: UTF-8 (a byte order mark is dropped) where valid, else Latin-1.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        var whole = WithoutPartialCharacter(bytes);
        return System.Text.Unicode.Utf8.IsValid(whole) ? Encoding.UTF8.GetString(whole) : Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Bytes without the beginning of a character of UTF-8 at their end.</summary>
    public static ReadOnlySpan<byte> WithoutPartialCharacter(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            if (bytes[^back] >= 0xC0)
            {
                return bytes[..^back];
            }
        }

        return bytes;
    }
}
