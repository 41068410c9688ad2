using System.Buffers;

namespace Tastemaker.Evaluation.Ranking;

/// <summary>The best of many scores without sorting them all; see <see cref="Selection"/>.</summary>
internal static class TopK
{
    private const int OnStack = 1024;

    /// <summary>
    /// Selects the best scores, best first, equal scores by lower index; an item of score negative infinity is no candidate.
    /// </summary>
    /// <param name="scores">One score an item; none is NaN.</param>
    /// <param name="items">Receives item indexes; its length is K.</param>
    /// <param name="values">Receives their scores; as long as <paramref name="items"/>.</param>
    /// <returns>How many were selected: K, or the number of candidates if there are fewer.</returns>
    public static int Select(ReadOnlySpan<float> scores, Span<int> items, Span<float> values)
    {
        if (values.Length != items.Length)
        {
            throw new ArgumentException("Items and values must have one length.", nameof(values));
        }

        var k = Math.Min(items.Length, scores.Length);
        var room = Selection.Room(k);
        return k == 0 ? 0 : room <= OnStack
            ? Select(scores, items, values, k, stackalloc int[room], stackalloc float[room])
            : SelectRented(scores, items, values, k, room);
    }

    private static int SelectRented(ReadOnlySpan<float> scores, Span<int> items, Span<float> values, int k, int room)
    {
        var (rentedItems, rentedValues) = (ArrayPool<int>.Shared.Rent(room), ArrayPool<float>.Shared.Rent(room));
        var count = Select(scores, items, values, k, rentedItems.AsSpan(0, room), rentedValues.AsSpan(0, room));
        ArrayPool<int>.Shared.Return(rentedItems);
        ArrayPool<float>.Shared.Return(rentedValues);
        return count;
    }

    private static int Select(ReadOnlySpan<float> scores, Span<int> items, Span<float> values, int k, Span<int> roomItems, Span<float> roomValues)
    {
        var selection = new Selection(k, roomItems, roomValues);
        selection.Add(scores, 0);
        var count = selection.Finish();
        roomItems[..count].CopyTo(items);
        roomValues[..count].CopyTo(values);
        return count;
    }
}
