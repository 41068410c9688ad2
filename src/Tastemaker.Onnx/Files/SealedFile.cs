using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Onnx;

namespace Tastemaker.Onnx.Files;

/// <summary>
/// An ONNX file that ends with its own checksum: one more metadata entry, which in protobuf may follow everything else, so that other readers see an
/// ordinary file.
/// </summary>
internal static class SealedFile
{
    private const string Key = "tastemaker.sha256";
    private static readonly int SealLength = Seal(new byte[SHA256.HashSizeInBytes]).Length;

    /// <summary>Writes a model and its seal.</summary>
    public static void Write(ModelProto model, Stream stream)
    {
        using var hash = SHA256.Create();
        using (var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            model.WriteTo(hashed);
        }

        stream.Write(Seal(hash.Hash!));
    }

    /// <summary>The checksum that a file states, after comparing it with the file.</summary>
    /// <exception cref="InputException">There is no such file, it has no seal, or it is not what the seal says.</exception>
    public static string Check(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"There is no file '{path}'. 'taste export RUN -o {path}' makes one.");
        }

        using var stream = File.OpenRead(path);
        var stated = Stated(stream) ?? throw new InputException(
            $"'{path}' is not a whole model of this library: it was not written by 'taste export', or it is cut short. Export the run again.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (var left = stream.Length - SealLength; left > 0;)
        {
            var read = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0)
            {
                break;
            }

            hash.AppendData(buffer.AsSpan(0, read));
            left -= read;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset()) == stated
            ? stated
            : throw new InputException($"'{path}' is corrupt: its SHA-256 is not the one it states. Copy it again from its source, or export the run again.");
    }

    // Leaves the stream at its beginning.
    private static string? Stated(Stream stream)
    {
        if (stream.Length < SealLength)
        {
            return null;
        }

        var seal = new byte[SealLength];
        stream.Seek(-SealLength, SeekOrigin.End);
        stream.ReadExactly(seal);
        stream.Seek(0, SeekOrigin.Begin);
        var digits = Encoding.ASCII.GetString(seal[^(2 * SHA256.HashSizeInBytes)..]);
        return digits.All(char.IsAsciiHexDigitLower) && seal.AsSpan().SequenceEqual(Seal(Convert.FromHexString(digits))) ? digits : null;
    }

    private static byte[] Seal(byte[] hash) =>
        new ModelProto { MetadataProps = { new StringStringEntryProto { Key = Key, Value = Convert.ToHexStringLower(hash) } } }.ToByteArray();
}
