using System.Security.Cryptography;

namespace Tastemaker.Artifacts;

/// <summary>SHA-256 of files.</summary>
internal static class Checksum
{
    /// <summary>The file's SHA-256 in lower-case hexadecimal digits.</summary>
    public static string Of(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
