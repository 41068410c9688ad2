using System.IO.Compression;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import.Formats;

/// <summary>
/// Refuses JSON that is nested deeper than any record (finding out the types of a hundred thousand levels would not end), and, among lines of objects, the first that is none:
/// the engine would read the whole file otherwise.
/// </summary>
internal static class JsonDepth
{
    private const int Deepest = 100;

    /// <summary>Looks at a whole file.</summary>
    /// <exception cref="InputException">Lists or objects are nested too deeply; or a line is no object, with a <see cref="QueryFailedException"/> about JSON inside.</exception>
    public static void Check(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = SourceFile.IsGzip(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
        var buffer = new byte[1 << 16];
        var (depth, line, quoted, escaped) = (0, 1L, false, false);
        var (isFresh, first, hasObjects, odd) = (true, (byte)0, false, 0L); // whether nothing of the line was seen; how the file begins; the first line that begins a value that is no object
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            foreach (var letter in buffer.AsSpan(0, read))
            {
                if (isFresh && letter is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0xEF or 0xBB or 0xBF))
                {
                    isFresh = false;
                    if (depth == 0 && !quoted)
                    {
                        (first, hasObjects) = (first == 0 ? letter : first, hasObjects || letter == '{');
                        odd = odd == 0 && letter != '{' ? line : odd;
                    }
                }

                (quoted, escaped) = (letter == '"' && !escaped ? !quoted : quoted, quoted && letter == '\\' && !escaped);
                depth += quoted ? 0 : letter is (byte)'[' or (byte)'{' ? 1 : letter is (byte)']' or (byte)'}' ? -1 : 0;
                line += letter == '\n' ? 1 : 0;
                isFresh |= letter == '\n';
                if (depth > Deepest)
                {
                    throw new InputException($"{path}, line {line}: lists or objects are nested more than {Deepest} levels deep, which no interaction is. Fix or remove the line.");
                }
            }
        }

        if (odd > 0 && hasObjects && first != '[')
        {
            throw new InputException(
                $"{path}, line {odd}: this is no JSON object. Fix or remove the line, or leave it out with on-bad-rows drop.",
                new QueryFailedException($"Malformed JSON in file \"{path}\", at byte 0 in line {odd}: no object"));
        }
    }
}
