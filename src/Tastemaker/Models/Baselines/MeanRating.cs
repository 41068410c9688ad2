using Tastemaker.Data;

namespace Tastemaker.Models.Baselines;

/// <summary>What rating predictors ask of a training set.</summary>
internal static class MeanRating
{
    /// <summary>The mean training value: mu, from training ratings only.</summary>
    /// <exception cref="InputException">The data has no values.</exception>
    public static float Mean(TrainingSet train, string system)
    {
        if (!train.Interactions.HasValues)
        {
            throw new InputException(
                $"{system} predicts values (ratings), which the data lacks; give a value column, or choose a system for implicit feedback.");
        }

        var sum = 0.0;
        foreach (var value in train.Interactions.Values)
        {
            sum += value;
        }

        return (float)(sum / Math.Max(1, train.Interactions.Count));
    }

    /// <summary>A row a user: items ascending, each once, with the mean of its ratings.</summary>
    public static SparseRows ByUser(TrainingSet train)
    {
        var (offsets, columns, values) = (new int[train.UserCount + 1], new List<int>(train.ByUser.EntryCount), new List<float>(train.ByUser.EntryCount));
        for (var user = 0; user < train.UserCount; user++)
        {
            var (items, ratings) = Distinct(train.ByUser[user], train.ByUser.RowValues(user));
            columns.AddRange(items);
            values.AddRange(ratings);
            offsets[user + 1] = columns.Count;
        }

        return new SparseRows(offsets, [.. columns], train.ItemCount, [.. values]);
    }

    /// <summary>Rated items in ascending order, each once, with the mean of its ratings.</summary>
    public static (int[] Items, float[] Ratings) Distinct(ReadOnlySpan<int> items, ReadOnlySpan<float> ratings)
    {
        var (sorted, values) = (items.ToArray(), ratings.ToArray());
        Array.Sort(sorted, values);
        var (distinct, means) = (new List<int>(sorted.Length), new List<float>(sorted.Length));
        for (var first = 0; first < sorted.Length;)
        {
            var (end, sum) = (first, 0f);
            for (; end < sorted.Length && sorted[end] == sorted[first]; end++)
            {
                sum += values[end];
            }

            distinct.Add(sorted[first]);
            means.Add(sum / (end - first));
            first = end;
        }

        return ([.. distinct], [.. means]);
    }
}
