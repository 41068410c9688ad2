using Tastemaker.Data;

namespace Tastemaker.Models.Baselines;

/// <summary>What rating predictors ask of a training set.</summary>
internal static class Ratings
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
}
