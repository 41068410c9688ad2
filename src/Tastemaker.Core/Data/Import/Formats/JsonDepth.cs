using System.IO.Compression;

namespace Tastemaker.Data.Import.Formats;

/// <summary>Refuses JSON that is nested deeper than any record: finding out the types of a hundred thousand levels would not end.</summary>
internal static class JsonDepth
{
    private const int Deepest = 100;

    /// <summary>Looks at a whole file.</summary>
    /// <exception cref="InputException">Lists or objects are nested too deeply.</exception>
    public static void Check(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = SourceFile.IsGzip(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
        var buffer = new byte[1 << 16];
        var (depth, line, quoted, escaped) = (0, 1L, false, false);
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            foreach (var letter in buffer.AsSpan(0, read))
            {
                (quoted, escaped) = (letter == '"' && !escaped ? !quoted : quoted, quoted && letter == '\\' && !escaped);
                depth += quoted ? 0 : letter is (byte)'[' or (byte)'{' ? 1 : letter is (byte)']' or (byte)'}' ? -1 : 0;
                line += letter == '\n' ? 1 : 0;
                if (depth > Deepest)
                {
                    throw new InputException($"{path}, line {line}: lists or objects are nested more than {Deepest} levels deep, which no interaction is. Fix or remove the line.");
                }
            }
        }
    }
}
