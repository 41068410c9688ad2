using System.Text.Json.Nodes;
using Tastemaker.Data;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Inputs;

/// <summary>The distinct values of a rating scale, for systems that take a rating as one of K ordered classes.</summary>
/// <param name="values">The values, ascending.</param>
public sealed class RatingLevels(float[] values) : IFittedInput
{
    /// <summary>Its place in the card of a model.</summary>
    public const string Key = "levels";

    /// <summary>More distinct values than this are hardly a scale that people chose from.</summary>
    public const int Most = 20;

    /// <summary>The values, ascending.</summary>
    public IReadOnlyList<float> Values => values;

    /// <summary>K.</summary>
    public int Count => values.Length;

    /// <summary>The distinct values of a training set.</summary>
    /// <exception cref="InputException">There are more than <see cref="Most"/>, or none at all.</exception>
    public static RatingLevels Of(TrainingSet train)
    {
        var distinct = Distinct(train);
        return distinct.Count is > 0 and <= Most ? new RatingLevels([.. distinct]) : throw new InputException([.. Problems(train, "The system")]);
    }

    /// <summary>Why the values of a training set cannot be classes.</summary>
    public static IEnumerable<string> Problems(TrainingSet train, string system)
    {
        var distinct = Distinct(train).Count;
        if (distinct > Most)
        {
            yield return $"{system} takes each value of the rating scale as a class, and the training data has more than {Most} distinct values. "
                + "Round them to fewer (to stars, say) before importing, or choose a system that takes values as numbers, such as biased-mf or i-autorec.";
        }
        else if (distinct == 1 && train.Interactions.Count > 1)
        {
            yield return $"{system} learns to tell rating levels apart, and all training values are the same. Choose a system for implicit feedback, or data whose ratings differ.";
        }
        else if (distinct == 0)
        {
            yield return $"{system} learns from values (ratings), which the data lacks; give a value column, or choose a system for implicit feedback.";
        }
    }

    /// <inheritdoc/>
    public void Save(SavedInputs saved) => saved.Card[Key] = new JsonArray([.. values.Select(level => (JsonNode)level)]);

    /// <summary>The level of each value, from 0: that of the nearest value of the scale, the lower of two. [n] to [n], int64.</summary>
    public Tensor Of(Tensor ratings)
    {
        var between = tensor(values.Zip(values.Skip(1), (low, high) => (low + high) / 2).ToArray(), device: ratings.device); // [K - 1]
        return (ratings.unsqueeze(1) > between).sum(1);
    }

    /// <summary>The level of a value, from 0: that of the nearest value of the scale, the lower of two.</summary>
    public int Of(float rating)
    {
        var level = 0;
        while (level < values.Length - 1 && rating > (values[level] + values[level + 1]) / 2)
        {
            level++;
        }

        return level;
    }

    /// <summary>The expected value of a rating whose levels have these logits: [..., K] to [...].</summary>
    public Tensor Expectation(Tensor logits) => logits.softmax(-1).matmul(tensor(values, device: logits.device).to(logits.dtype));

    /// <summary>
    /// The logarithm of how often each column has each level [columns, K], each column as if it had also K ratings that are distributed as all
    /// ratings are, so that what was never given in a column is rare there rather than impossible.
    /// </summary>
    public float[] LogRates(SparseRows rows)
    {
        var counts = new double[rows.ColumnCount * Count];
        var overall = new double[Count];
        for (var entry = 0; entry < rows.EntryCount; entry++)
        {
            var level = LevelOf(rows.Values[entry]);
            counts[(rows.Columns[entry] * Count) + level]++;
            overall[level]++;
        }

        var result = new float[counts.Length];
        for (var column = 0; column < rows.ColumnCount; column++)
        {
            var own = counts.AsSpan(column * Count, Count);
            var total = Count + Sum(own);
            for (var level = 0; level < Count; level++)
            {
                result[(column * Count) + level] = (float)Math.Log((own[level] + (Count * overall[level] / rows.EntryCount)) / total);
            }
        }

        return result;
    }

    // One more than can be classes is enough to know.
    private static SortedSet<float> Distinct(TrainingSet train)
    {
        var distinct = new SortedSet<float>();
        foreach (var value in train.Interactions.Values)
        {
            if (distinct.Add(value) && distinct.Count > Most)
            {
                break;
            }
        }

        return distinct;
    }

    private int LevelOf(float rating)
    {
        var place = Array.BinarySearch(values, rating);
        return place >= 0 ? place : throw new ArgumentException($"{rating} is not of the scale.", nameof(rating));
    }

    private static double Sum(ReadOnlySpan<double> numbers)
    {
        var sum = 0.0;
        foreach (var number in numbers)
        {
            sum += number;
        }

        return sum;
    }
}

/// <summary>How the rating levels of a model are found.</summary>
public static class LevelsOfShape
{
    extension(ModelShape shape)
    {
        /// <summary>The levels of ratings that the model takes as classes; null where it takes none.</summary>
        public RatingLevels? Levels => shape.Find<RatingLevels>();
    }
}
