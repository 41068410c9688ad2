using System.IO.Hashing;
using System.Text;

namespace Tastemaker.VectorData;

/// <summary>Keys of items in stores: each store has its own types of keys.</summary>
internal static class ItemKeys
{
    /// <summary>How the key of an item is made of its identifier and its index.</summary>
    /// <exception cref="InputException">There are no keys of this type.</exception>
    public static Func<string, int, TKey> For<TKey>() => Maker(typeof(TKey)) is { } make
        ? (item, index) => (TKey)make(item, index)
        : throw new InputException($"A key of type {typeof(TKey).Name} cannot be made of an item; use string, int, long, ulong or Guid, whichever the store takes.");

    private static Func<string, int, object>? Maker(Type type) =>
        type == typeof(string) ? (item, _) => item
        : type == typeof(int) ? (_, index) => index
        : type == typeof(long) ? (_, index) => (long)index
        : type == typeof(ulong) ? (_, index) => (ulong)index
        : type == typeof(Guid) ? (item, _) => new Guid(XxHash128.Hash(Encoding.UTF8.GetBytes(item)))
        : null;
}
