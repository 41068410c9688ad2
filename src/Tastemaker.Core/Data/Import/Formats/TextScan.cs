using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text.Unicode;

namespace Tastemaker.Data.Import.Formats;

/// <summary>What one pass over a whole text file finds before anything is read of it: gzip is then known to be whole.</summary>
/// <param name="IsGzip">Whether it is packed.</param>
/// <param name="IsUtf8">Whether its text is valid UTF-8.</param>
/// <param name="EndsByCarriageReturn">Whether lines end with a carriage return alone.</param>
/// <param name="EscapesQuotes">Whether quoting characters follow a backslash inside of fields.</param>
/// <param name="MixesLineEnds">Whether some line feeds follow a carriage return and others do not, or carriage returns stand alone beside line feeds.</param>
/// <param name="LongLineAt">The byte where the first line starts that is longer than <see cref="LongestLine"/>; -1 where there is none.</param>
internal sealed record TextScan(bool IsGzip, bool IsUtf8, bool EndsByCarriageReturn, bool EscapesQuotes, bool MixesLineEnds, long LongLineAt)
{
    /// <summary>Bytes that a line of a table may have: what DuckDB takes.</summary>
    public const int LongestLine = 2_000_000;

    private const int BlockLength = 1 << 20;

    private const int MostKnown = 10_000;

    // An import asks more than once: for the encoding, the dialect and the compression.
    private static readonly ConcurrentDictionary<(string Path, long Length, DateTime Changed), TextScan> Known = new();

    /// <summary>Looks at a file.</summary>
    /// <exception cref="InputException">The file is empty, is not what its name says, or is gzip that is cut short or damaged.</exception>
    public static TextScan Of(string path)
    {
        var file = new FileInfo(path);
        var key = (file.FullName, file.Length, file.LastWriteTimeUtc);
        if (!Known.TryGetValue(key, out var scan))
        {
            scan = Scan(path);
            if (Known.Count > MostKnown)
            {
                Known.Clear();
            }

            Known[key] = scan;
        }

        return scan;
    }

    private static TextScan Scan(string path)
    {
        var gzip = SourceFile.IsGzip(path);
        try
        {
            using var file = File.OpenRead(path);
            using Stream stream = gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
            var (scan, length) = Scan(stream);
            return !gzip || IsWhole(path, length) ? scan with { IsGzip = gzip } : throw new InputException(
                $"{path} is gzip that is cut short or damaged: its last bytes do not agree with its {length:N0} bytes of content. Fetch or write it again; 'gzip -t' checks it.");
        }
        catch (InvalidDataException damage)
        {
            throw new InputException($"{path} is gzip that is damaged: its checksum or its length does not agree with its content. Fetch or write it again; 'gzip -t' checks it.", damage);
        }
    }

    private static (TextScan Scan, long Length) Scan(Stream stream)
    {
        var buffer = new byte[BlockLength];
        var (kept, position, lineStart, longLine) = (0, 0L, 0L, -1L);
        var (utf8, feeds, returns, escapes) = (true, false, false, false);
        var afterReturn = false;
        var (pairs, feedCount, returnCount) = (0L, 0L, 0L);
        for (var read = stream.ReadAtLeast(buffer, BlockLength, false); read > 0; read = stream.ReadAtLeast(buffer.AsSpan(kept), BlockLength - kept, false))
        {
            var block = buffer.AsSpan(0, kept + read);
            var whole = kept + read < BlockLength ? block : SourceFile.WithoutPartialCharacter(block);
            utf8 = utf8 && Utf8.IsValid(whole);
            returns = returns || whole.Contains((byte)'\r');
            feeds = feeds || whole.Contains((byte)'\n');
            (feedCount, returnCount) = (feedCount + whole.Count((byte)'\n'), returnCount + whole.Count((byte)'\r'));
            pairs += whole.Count("\r\n"u8) + (afterReturn && whole.StartsWith("\n"u8) ? 1 : 0);
            afterReturn = whole.EndsWith("\r"u8);
            escapes = escapes || EscapesQuote(whole);
            longLine = longLine < 0 && LineIsLong(whole, position, ref lineStart, feeds ? (byte)'\n' : (byte)'\r') ? lineStart : longLine;
            position += whole.Length;
            kept = block.Length - whole.Length;
            block[whole.Length..].CopyTo(buffer);
        }

        return (new TextScan(false, utf8 && kept == 0, returns && !feeds, escapes, feeds && returns && (pairs < feedCount || pairs < returnCount), longLine), position + kept);
    }

    /// <summary>Whether a line that ends or goes on in a block is too long; its start is then what <paramref name="lineStart"/> says.</summary>
    private static bool LineIsLong(ReadOnlySpan<byte> block, long position, ref long lineStart, byte end)
    {
        var first = block.IndexOf(end);
        if (position + (first < 0 ? block.Length : first) - lineStart > LongestLine)
        {
            return true;
        }

        // A block is shorter than the longest line: no line inside of it can be too long.
        lineStart = first < 0 ? lineStart : position + block.LastIndexOf(end) + 1;
        return false;
    }

    /// <summary>Whether a quoting character that follows a backslash is no end of a field.</summary>
    private static bool EscapesQuote(ReadOnlySpan<byte> block)
    {
        for (var at = block.IndexOf("\\\""u8); at >= 0 && at + 2 < block.Length;)
        {
            if (block[at + 2] is not ((byte)',' or (byte)';' or (byte)'\t' or (byte)'|' or (byte)'\r' or (byte)'\n' or (byte)'"'))
            {
                return true;
            }

            var next = block[(at + 2)..].IndexOf("\\\""u8);
            at = next < 0 ? -1 : at + 2 + next;
        }

        return false;
    }

    /// <summary>
    /// Whether the trailer of a gzip file, the checksum and the length of the last of its parts, fits the end of its content (RFC 1952, section 2.3.1). The
    /// decoder checks the trailers that it meets, but takes the end of a file that is cut short for the end of the content.
    /// </summary>
    private static bool IsWhole(string path, long length)
    {
        Span<byte> trailer = stackalloc byte[8];
        using (var file = File.OpenRead(path))
        {
            if (file.Length < 18)
            {
                return false;
            }

            file.Seek(-8, SeekOrigin.End);
            file.ReadExactly(trailer);
        }

        var (sum, last) = (BinaryPrimitives.ReadUInt32LittleEndian(trailer), BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]));
        return last == (uint)length || (last < length && SumOfLast(path, length - last) == sum);
    }

    private static uint SumOfLast(string path, long from)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        var (buffer, sum, position) = (new byte[BlockLength], new Crc32(), 0L);
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            var skipped = (int)Math.Clamp(from - position, 0, read);
            sum.Append(buffer.AsSpan(skipped, read - skipped));
            position += read;
        }

        return sum.GetCurrentHashAsUInt32();
    }
}
