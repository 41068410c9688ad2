namespace Tastemaker.Data;

/// <summary>Changes of a data set that keep its vocabularies.</summary>
internal static class DatasetChanges
{
    /// <summary>All row numbers, ascending.</summary>
    public static int[] AllRows(this Dataset data) => [.. Enumerable.Range(0, data.Interactions.Count)];

    /// <summary>The data set with other interactions in place of its own; context features stay only if the number of rows does.</summary>
    public static Dataset WithInteractions(this Dataset data, Interactions interactions)
    {
        // Restrict makes a copy that has not yet computed its fingerprint; a plain copy would carry the old one along.
        var copy = data.Restrict([], "", shrink: false);
        var context = interactions.Count == data.Interactions.Count ? data.InteractionFeatures : null;
        return copy with { Interactions = interactions, InteractionFeatures = context, History = data.History };
    }

    /// <summary>The positives of users: all interactions, or those with label 1 (without values) of labelled data.</summary>
    public static Interactions TakenUp(this Dataset data) => data.IsLabelled ? data.Interactions.TakenUp(data.AllRows()) : data.Interactions;

    /// <summary>The given rows with a positive value, without their values.</summary>
    public static Interactions TakenUp(this Interactions labelled, ReadOnlySpan<int> rows)
    {
        var kept = new List<int>(rows.Length);
        foreach (var row in rows)
        {
            if (labelled.Values[row] > 0)
            {
                kept.Add(row);
            }
        }

        var taken = labelled.Select([.. kept]);
        return new Interactions([.. taken.Users], [.. taken.Items], null, taken.Times.OrNull(taken.HasTimes));
    }

    /// <summary>The data set with one more line in its history.</summary>
    public static Dataset Because(this Dataset data, string step) => data with { History = [.. data.History, step] };

    /// <summary>A column as an array, or null where there is none.</summary>
    public static T[]? OrNull<T>(this ReadOnlySpan<T> column, bool present) => present ? column.ToArray() : null;
}
