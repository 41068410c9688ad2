namespace Tastemaker.Solvers;

/// <summary>Keeps the largest entries of a sparse row; of equal values the lower index is larger, so the choice is never left to chance.</summary>
internal static class LargestEntries
{
    /// <summary>
    /// Moves the <paramref name="count"/> largest entries to the front, in ascending order of index, and returns how many there are:
    /// <paramref name="count"/>, or all if there are fewer.
    /// </summary>
    /// <param name="indices">Distinct indices.</param>
    /// <param name="values">The value beside each index.</param>
    /// <param name="count">Entries to keep.</param>
    public static int Keep(Span<int> indices, Span<float> values, int count)
    {
        if (count < indices.Length)
        {
            Partition(indices, values, count);
            indices = indices[..count];
            values = values[..count];
        }

        indices.Sort(values);
        return indices.Length;
    }

    // Quickselect: afterwards no entry beyond the first `count` precedes one of them.
    private static void Partition(Span<int> indices, Span<float> values, int count)
    {
        var (low, high) = (0, indices.Length - 1);
        while (low < high)
        {
            var (left, right) = Divide(indices, values, low, high);
            if (count - 1 <= right)
            {
                high = right;
            }
            else if (count - 1 >= left)
            {
                low = left;
            }
            else
            {
                return;
            }
        }
    }

    // Hoare's division by the middle entry: low..right precede or equal it, left..high follow or equal it.
    private static (int Left, int Right) Divide(Span<int> indices, Span<float> values, int left, int right)
    {
        var middle = left + ((right - left) / 2);
        var (pivotIndex, pivotValue) = (indices[middle], values[middle]);
        while (left <= right)
        {
            while (Precedes(indices[left], values[left], pivotIndex, pivotValue))
            {
                left++;
            }

            while (Precedes(pivotIndex, pivotValue, indices[right], values[right]))
            {
                right--;
            }

            if (left <= right)
            {
                (indices[left], indices[right]) = (indices[right], indices[left]);
                (values[left], values[right]) = (values[right], values[left]);
                left++;
                right--;
            }
        }

        return (left, right);
    }

    private static bool Precedes(int index, float value, int otherIndex, float otherValue) =>
        value > otherValue || (value == otherValue && index < otherIndex);
}
