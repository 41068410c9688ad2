using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Tastemaker.Server.Paging;

/// <summary>Where a page ends, for the next to go on: bound to the query and the model that gave the page, since another model has another order.</summary>
internal static class Cursor
{
    private const int HashBytes = 8;

    /// <summary>The cursor of the items after the first <paramref name="skip"/>.</summary>
    public static string Of(int skip, string model, string query)
    {
        Span<byte> bytes = stackalloc byte[4 + (2 * HashBytes)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, skip);
        Hash(model, bytes[4..(4 + HashBytes)]);
        Hash(query, bytes[(4 + HashBytes)..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>How many items come before the page.</summary>
    /// <param name="cursor">What <see cref="Of"/> gave.</param>
    /// <param name="model">The version of the model that answers now.</param>
    /// <param name="query">The query, without cursor and count.</param>
    /// <exception cref="InputException">It is no cursor, or that of another model or query.</exception>
    public static int Read(string cursor, string model, string query)
    {
        Span<byte> bytes = stackalloc byte[4 + (2 * HashBytes)];
        Span<byte> hash = stackalloc byte[HashBytes];
        if (!Base64Url.IsValid(cursor, out var length) || length != bytes.Length || !Base64Url.TryDecodeFromChars(cursor, bytes, out _) || BinaryPrimitives.ReadInt32LittleEndian(bytes) < 0)
        {
            throw new InputException("cursor: this is no cursor of this server. Give what the page before has as 'next', or none for the first page.");
        }

        Hash(model, hash);
        if (!bytes[4..(4 + HashBytes)].SequenceEqual(hash))
        {
            throw Stale(model);
        }

        Hash(query, hash);
        return bytes[(4 + HashBytes)..].SequenceEqual(hash)
            ? BinaryPrimitives.ReadInt32LittleEndian(bytes)
            : throw new InputException("cursor: it belongs to another query. Only the count may change between pages; leave the cursor out for the first page.");
    }

    /// <summary>The model has changed between two pages.</summary>
    public static InputException Stale(string model) =>
        new($"cursor: it belongs to another model than {model}, which answers now and ranks otherwise. Leave the cursor out to begin again.");

    private static void Hash(string text, Span<byte> hash)
    {
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), whole);
        whole[..HashBytes].CopyTo(hash);
    }
}
