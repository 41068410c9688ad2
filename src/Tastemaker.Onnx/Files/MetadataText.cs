using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Tastemaker.Onnx.Files;

/// <summary>Large metadata as text: gzip, then base64. Numbers are little-endian.</summary>
internal static class MetadataText
{
    /// <summary>Packs lines of text, in UTF-8.</summary>
    public static string Of(IEnumerable<string> lines) => Pack(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    /// <summary>Packs numbers.</summary>
    public static string Of<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged => Pack(MemoryMarshal.AsBytes(numbers));

    /// <summary>Reads what <see cref="Of(IEnumerable{string})"/> packed.</summary>
    public static IReadOnlyList<string> Lines(string text) => Unpack(text) is { Length: > 0 } bytes ? Encoding.UTF8.GetString(bytes).Split('\n') : [];

    /// <summary>Reads what <see cref="Of{T}(ReadOnlySpan{T})"/> packed.</summary>
    public static T[] Numbers<T>(string text)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Unpack(text)).ToArray();

    private static string Pack(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);
    }

    private static byte[] Unpack(string text)
    {
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
