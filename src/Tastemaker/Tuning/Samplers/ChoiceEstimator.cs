using Tastemaker.Data;

namespace Tastemaker.Tuning.Samplers;

/// <summary>
/// Chances of a few values: how often each was observed, and once more as the prior, so that a value that was unlucky once is not given up.
/// </summary>
internal sealed class ChoiceEstimator
{
    private readonly double[] chances;

    /// <param name="values">Number of values.</param>
    /// <param name="observed">Places of the observed ones.</param>
    public ChoiceEstimator(int values, IEnumerable<int> observed)
    {
        chances = new double[values];
        Array.Fill(chances, 1);
        foreach (var value in observed)
        {
            chances[value]++;
        }

        var sum = chances.Sum();
        for (var value = 0; value < values; value++)
        {
            chances[value] /= sum;
        }
    }

    /// <summary>A value drawn by its chance.</summary>
    public int Draw(SeededRandom random)
    {
        var left = random.NextDouble();
        for (var value = 0; value < chances.Length - 1; value++)
        {
            left -= chances[value];
            if (left < 0)
            {
                return value;
            }
        }

        return chances.Length - 1;
    }

    /// <summary>The logarithm of a value's chance.</summary>
    public double LogDensity(int value) => Math.Log(chances[value]);
}
