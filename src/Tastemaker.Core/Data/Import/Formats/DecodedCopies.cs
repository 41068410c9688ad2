using System.IO.Compression;
using System.Text;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>
/// What DuckDB cannot read as it lies (ZIP archives, text in UTF-16 or windows-1252), as plain copies in a temporary folder for as long as an import takes. Words
/// about a copy are turned back into words about what the user named.
/// </summary>
internal sealed class DecodedCopies(TextEncoding asked, CancellationToken cancellation) : IDisposable
{
    private const int MostListed = 8;
    private const string NoJson = "it is no whole JSON object";
    private const int MostShown = 120; // letters of a broken line

    private readonly List<(string Copy, string Original)> made = [];
    private readonly List<string> notes = [];
    private DirectoryInfo? folder;

    /// <summary>The options with copies in place of the files that need one.</summary>
    /// <exception cref="InputException">A file does not exist, or an archive or text is damaged or of another kind.</exception>
    public DataOptions Of(DataOptions options) => Each(options, Plain);

    /// <summary>The options with copies in place of the text files whose lines end in several ways; in the copies, all lines end with a line feed.</summary>
    public DataOptions WithPlainLines(DataOptions options) => Each(options, WithPlainLines);

    /// <summary>The options with copies in place of the files of JSON lines of which some are no whole value; those are left out and noted.</summary>
    /// <exception cref="InputException">More than half of the lines of a file are broken.</exception>
    public DataOptions WithWholeJson(DataOptions options) => Each(options, WithWholeJson);

    /// <summary>A text that names the originals where it named copies.</summary>
    public string Original(string text)
    {
        // A copy of a copy was made later, so it is undone first.
        foreach (var (copy, original) in Enumerable.Reverse(made))
        {
            text = text.Replace(copy, original, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>A result that names the originals where it named copies.</summary>
    public ImportResult Original(ImportResult result) => new(
        result.Dataset with { History = [.. result.Dataset.History.Select(Original)] },
        result.Report with
        {
            Sources = [.. result.Report.Sources.Select(Original)],
            Columns = [.. result.Report.Columns.Select(column => column with { Source = Original(column.Source) })],
            Warnings = [.. notes.Concat(result.Report.Warnings).Select(Original)],
        });

    /// <summary>An error that names the originals where it named copies.</summary>
    public InputException Original(InputException error) =>
        made.Count == 0 ? error : new InputException([.. error.Problems.Select(Original)]);

    /// <inheritdoc/>
    public void Dispose() => folder?.Delete(recursive: true);

    private static DataOptions Each(DataOptions options, Func<string, string> copy) => options.WithFilesBeside(copy) with { Paths = [.. SourceFile.Expand(options.Paths).Select(copy)] };

    private string Plain(string path)
    {
        if (!File.Exists(path))
        {
            return path;
        }

        try
        {
            path = IsZip(StartOf(path, unpack: false)) ? Unpacked(path) : path;
            return !File.Exists(path) ? path
                : Utf16(StartOf(path, unpack: true)) is { } encoding ? AsUtf8(path, encoding)
                : IsWindows1252(path) ? AsUtf8(path, CodePagesEncodingProvider.Instance.GetEncoding(1252)!)
                : path;
        }
        catch (Exception damage) when (damage is InvalidDataException or DecoderFallbackException or NotSupportedException)
        {
            throw new InputException(Original($"{path} is damaged: {damage.Message} Fetch it again."), damage);
        }
    }

    private string WithPlainLines(string path)
    {
        if (!File.Exists(path) || !TextScan.Of(path).MixesLineEnds)
        {
            return path;
        }

        cancellation.ThrowIfCancellationRequested();
        var copy = Place(path, Path.GetFileName(SourceFile.WithoutGzip(path)));
        using var reader = new StreamReader(Open(path, unpack: true), Encoding.Latin1, detectEncodingFromByteOrderMarks: false); // byte by byte
        using var writer = new StreamWriter(copy, append: false, Encoding.Latin1);
        while (reader.ReadLine() is { } line)
        {
            writer.Write(line);
            writer.Write('\n');
        }

        notes.Add($"The lines of {path} end in several ways (with and without a carriage return); each of them was taken for the end of a line.");
        return copy;
    }

    private string WithWholeJson(string path)
    {
        if (!File.Exists(path) || JsonLineSearch.FirstBroken(path) is null)
        {
            return path;
        }

        cancellation.ThrowIfCancellationRequested();
        var (copy, bad, total) = (Place(path, Path.GetFileName(SourceFile.WithoutGzip(path))), new BadRowList(path), 0L);
        using (var writer = new StreamWriter(copy))
        {
            foreach (var (number, text, isWhole) in JsonLineSearch.Lines(path))
            {
                total++;
                if (isWhole)
                {
                    writer.WriteLine(text);
                }
                else
                {
                    bad.Add(NoJson, !bad.Wants(NoJson) ? null : new BadRow(number, true, $": {(text.Length <= MostShown ? text : text[..MostShown] + "...")}"));
                }
            }
        }

        bad.Apply(total, BadRowPolicy.Drop, notes);
        return copy;
    }

    // The one file of an archive; or the folder of all, if it is of a known layout.
    private string Unpacked(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        if (archive.GetEntry("[Content_Types].xml") is not null)
        {
            throw new InputException($"{path} is a spreadsheet or a document, not data: save it as CSV.");
        }

        List<ZipArchiveEntry> files = [.. archive.Entries.Where(entry => entry.Name.Length > 0 && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal))];
        if (files.Count == 0)
        {
            throw new InputException($"{path} is a ZIP archive without a file in it.");
        }

        if (files.Find(file => file.FullName.Split('/', '\\').Contains("..") || Path.IsPathRooted(file.FullName)) is { } outside)
        {
            throw new InputException($"{path} is a ZIP archive with an entry that would leave its folder ('{outside.FullName}'), so it is not unpacked. Ask where it comes from, or unpack it yourself and give the file.");
        }

        if (files.Exists(file => file.IsEncrypted))
        {
            throw new InputException($"{path} is a ZIP archive that needs a password. Unpack it, and give what is in it.");
        }

        var root = Place(path, SourceFile.Stem(path));
        cancellation.ThrowIfCancellationRequested();
        if (files.Count == 1)
        {
            Directory.CreateDirectory(root);
            var copy = Path.Combine(root, files[0].Name);
            files[0].ExtractToFile(copy);
            return copy;
        }

        archive.ExtractToDirectory(root);
        var tops = files.Select(file => file.FullName.Split('/')[0]).Distinct().ToList();
        var whole = tops.Count == 1 ? Path.Combine(root, tops[0]) : root;
        return FormatRecognizer.IsLayout(whole) ? whole : throw new InputException(
            $"{path} is a ZIP archive of {files.Count} files in no known layout. Unpack it, and give the file of interactions: "
            + $"{string.Join(", ", files.Take(MostListed).Select(file => file.FullName))}{(files.Count > MostListed ? ", ..." : "")}.");
    }

    // Text that is not UTF-8 is nearly always windows-1252, of which Latin-1 is a part.
    private bool IsWindows1252(string path)
    {
        if (asked is TextEncoding.Utf8 or TextEncoding.Latin1 || StartOf(path, unpack: false).AsSpan() is var start && (start.StartsWith("PAR1"u8) || start.StartsWith("SQLite format 3"u8)))
        {
            return false;
        }

        if (asked == TextEncoding.Auto && !TextScan.Of(path).IsUtf8)
        {
            notes.Add($"{path} is not valid UTF-8 and was read as windows-1252. If that is wrong, set encoding, or save it as UTF-8.");
            return true;
        }

        return asked == TextEncoding.Windows1252;
    }

    private string AsUtf8(string path, Encoding encoding)
    {
        cancellation.ThrowIfCancellationRequested();
        var copy = Place(path, Path.GetFileName(SourceFile.WithoutGzip(path)));
        using var reader = new StreamReader(Open(path, unpack: true), encoding, detectEncodingFromByteOrderMarks: false);
        using var writer = new StreamWriter(copy, append: false, new UTF8Encoding(false));
        var letters = new char[1 << 16];
        for (var read = reader.Read(letters); read > 0; read = reader.Read(letters))
        {
            writer.Write(letters, 0, read);
        }

        return copy;
    }

    private string Place(string original, string name)
    {
        folder ??= Directory.CreateTempSubdirectory("tastemaker-import-");
        var copy = Path.Combine(folder.CreateSubdirectory($"{made.Count}").FullName, name);
        made.Add((copy, original));
        return copy;
    }

    // By its mark, or where every other byte of the beginning is zero, as in text of western letters and digits.
    private static UnicodeEncoding? Utf16(ReadOnlySpan<byte> start)
    {
        var isUtf32 = start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]);
        var little = start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || Alternates(start, zeros: 1);
        var big = start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || Alternates(start, zeros: 0);
        return isUtf32 || (!little && !big) ? null : new UnicodeEncoding(big, byteOrderMark: true, throwOnInvalidBytes: true);
    }

    private static bool Alternates(ReadOnlySpan<byte> start, int zeros)
    {
        for (var at = 0; at < start.Length; at++)
        {
            if (start[at] == 0 != (at % 2 == zeros))
            {
                return false;
            }
        }

        return start.Length >= 4;
    }

    // An archive without a file in it has the end of its directory alone.
    private static bool IsZip(ReadOnlySpan<byte> start) => start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith("PK\u0005\u0006"u8);

    private static byte[] StartOf(string path, bool unpack)
    {
        using var stream = Open(path, unpack);
        var buffer = new byte[32];
        return buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }

    private static Stream Open(string path, bool unpack)
    {
        var file = File.OpenRead(path);
        Span<byte> mark = stackalloc byte[2];
        var gzip = unpack && file.ReadAtLeast(mark, 2, throwOnEndOfStream: false) == 2 && mark.SequenceEqual((ReadOnlySpan<byte>)[0x1f, 0x8b]);
        file.Position = 0;
        return gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
