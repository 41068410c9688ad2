using System.Collections.Frozen;

namespace Tastemaker.Data;

/// <summary>
/// A two-way map between the identifiers a user gave and the dense indexes <c>0..Count-1</c> that every array in the library uses.
/// Immutable; safe to share between threads.
/// </summary>
public sealed class Vocabulary
{
    private readonly string[] ids;
    private readonly FrozenDictionary<string, int> indexes;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;

    /// <summary>A vocabulary whose index <c>k</c> is the <c>k</c>-th identifier.</summary>
    /// <exception cref="InputException">An identifier occurs twice.</exception>
    public Vocabulary(IEnumerable<string> identifiers)
    {
        ids = [.. identifiers];
        var map = new Dictionary<string, int>(ids.Length, StringComparer.Ordinal);
        for (var index = 0; index < ids.Length; index++)
        {
            if (!map.TryAdd(ids[index], index))
            {
                throw new InputException($"The identifier '{ids[index]}' occurs twice in a vocabulary; identifiers must be unique.");
            }
        }

        indexes = map.ToFrozenDictionary(StringComparer.Ordinal);
        lookup = indexes.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>An empty vocabulary.</summary>
    public static Vocabulary Empty { get; } = new([]);

    /// <summary>Number of identifiers.</summary>
    public int Count => ids.Length;

    /// <summary>All identifiers by index.</summary>
    public IReadOnlyList<string> Ids => ids;

    /// <summary>The identifier at <paramref name="index"/>.</summary>
    public string this[int index] => ids[index];

    /// <summary>The index of <paramref name="identifier"/>, or -1 if it is unknown.</summary>
    public int IndexOf(ReadOnlySpan<char> identifier) => lookup.TryGetValue(identifier, out var index) ? index : -1;
}
