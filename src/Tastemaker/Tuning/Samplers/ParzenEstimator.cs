using MathNet.Numerics.Distributions;
using Tastemaker.Data;

namespace Tastemaker.Tuning.Samplers;

/// <summary>
/// A density on [0, 1] around observed coordinates: a normal kernel each, cut off at the ends, as wide as the gap to the farther neighbor, and one
/// wide kernel over the whole range that stands for the prior (Bergstra et al. 2011, section 4.2).
/// </summary>
internal sealed class ParzenEstimator
{
    private readonly (double Mean, double Deviation, double Inside)[] kernels;

    /// <param name="coordinates">In [0, 1], in any order; none for the prior alone.</param>
    public ParzenEstimator(IEnumerable<double> coordinates)
    {
        double[] points = [.. coordinates.Order()];
        // Whole numbers coincide; a kernel that saw only its equals would never leave them.
        double[] places = [.. points.Distinct()];
        var narrowest = 1.0 / Math.Min(100, points.Length + 2);
        kernels = [.. points.Select(point => Kernel(point, Math.Clamp(Gap(places, Array.BinarySearch(places, point)), narrowest, 1))), Kernel(0.5, 1)];
    }

    /// <summary>A coordinate drawn from the density.</summary>
    public double Draw(SeededRandom random)
    {
        var (mean, deviation, _) = kernels[random.Next(kernels.Length)];
        while (true)
        {
            // At least a third of a kernel lies inside, whatever its width.
            var drawn = mean + (deviation * random.NextGaussian());
            if (drawn is >= 0 and <= 1)
            {
                return drawn;
            }
        }
    }

    /// <summary>The logarithm of the density.</summary>
    public double LogDensity(double coordinate)
    {
        var sum = 0.0;
        foreach (var (mean, deviation, inside) in kernels)
        {
            sum += Normal.PDF(mean, deviation, coordinate) / inside;
        }

        return Math.Log(sum / kernels.Length);
    }

    // To the farther neighbor; the ends of the range are neighbors too.
    private static double Gap(double[] places, int index) => Math.Max(
        places[index] - (index == 0 ? 0 : places[index - 1]), (index == places.Length - 1 ? 1 : places[index + 1]) - places[index]);

    private static (double Mean, double Deviation, double Inside) Kernel(double mean, double deviation) =>
        (mean, deviation, Normal.CDF(mean, deviation, 1) - Normal.CDF(mean, deviation, 0));
}
