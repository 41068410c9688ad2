using System.Security.Cryptography;
using System.Text;

namespace Tastemaker.Server.Access;

/// <summary>The keys that open the API, known by their hashes alone.</summary>
internal sealed class ApiKeys
{
    private readonly (byte[] Hash, string Name)[] keys;

    private ApiKeys((byte[] Hash, string Name)[] keys) => this.keys = keys;

    /// <summary>Whether a key is asked for.</summary>
    public bool Any => keys.Length > 0;

    /// <summary>Reads a file: see <see cref="ServerOptions.ApiKeyFile"/>.</summary>
    /// <exception cref="InputException">The file is missing, empty, or has lines that are no hashes: all of them at once.</exception>
    public static ApiKeys Read(string? file)
    {
        if (file is null)
        {
            return new ApiKeys([]);
        }

        if (!File.Exists(file))
        {
            throw new InputException($"There is no file '{file}' with API keys. Write one by: printf %s KEY | sha256sum > {file}");
        }

        var problems = new List<string>();
        var keys = new List<(byte[], string)>();
        var number = 0;
        foreach (var line in Lines(file).Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            var parts = line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts[0].Length != 2 * SHA256.HashSizeInBytes || !parts[0].All(char.IsAsciiHexDigit))
            {
                problems.Add($"'{file}', line {number}: it must begin with a SHA-256 in 64 hexadecimal digits. Write one by: printf %s KEY | sha256sum");
                continue;
            }

            keys.Add((Convert.FromHexString(parts[0]), parts.Length > 1 ? parts[1] : $"line {number}"));
        }

        return problems.Count > 0 ? throw new InputException(problems)
            : keys.Count > 0 ? new ApiKeys([.. keys])
            : throw new InputException($"'{file}' has no API keys: with it nobody could call the API. Write one by: printf %s KEY | sha256sum");
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The file '{file}' with API keys cannot be read: {failure.Message} See to its rights, or name another file.", failure);
        }
    }

    /// <summary>The name of a key; null for one that does not open. Takes as long whatever the key.</summary>
    public string? NameOf(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        string? name = null;
        foreach (var known in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known.Hash, hash))
            {
                name = known.Name;
            }
        }

        return name;
    }
}
