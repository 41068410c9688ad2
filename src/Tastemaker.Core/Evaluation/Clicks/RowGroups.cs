namespace Tastemaker.Evaluation.Clicks;

/// <summary>The rows of each group (such as a user), groups in ascending order of their number, empty ones left out.</summary>
internal sealed class RowGroups
{
    private readonly int[] rows;
    private readonly int[] starts;

    /// <summary>Groups rows in two passes.</summary>
    /// <param name="groups">The group of each row, from 0.</param>
    public RowGroups(ReadOnlySpan<int> groups)
    {
        var most = -1;
        foreach (var group in groups)
        {
            most = Math.Max(most, group);
        }

        var next = new int[most + 2];
        foreach (var group in groups)
        {
            next[group + 1]++;
        }

        var begins = new List<int>();
        for (var group = 0; group <= most; group++)
        {
            if (next[group + 1] > 0)
            {
                begins.Add(next[group]);
            }

            next[group + 1] += next[group];
        }

        starts = [.. begins, groups.Length];
        rows = new int[groups.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[next[groups[row]]++] = row;
        }
    }

    /// <summary>Number of groups.</summary>
    public int Count => starts.Length - 1;

    /// <summary>The rows of a group, ascending.</summary>
    public ReadOnlySpan<int> this[int group] => rows.AsSpan(starts[group]..starts[group + 1]);

    /// <summary>Each row a group of its own.</summary>
    public static RowGroups Single(int count) => new([.. Enumerable.Range(0, count)]);
}
