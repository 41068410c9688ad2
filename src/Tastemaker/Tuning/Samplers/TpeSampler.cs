using Tastemaker.Data;
using Tastemaker.Tuning.Space;

namespace Tastemaker.Tuning.Samplers;

/// <summary>
/// Tree-structured Parzen estimator (Bergstra et al. 2011): the tried settings are divided into the few best and the rest; l, the density of the best,
/// and g, that of the rest, are products of one density an option; and of settings drawn from l, the one is taken where l / g is greatest, which
/// maximizes the expected improvement (equation 3 there).
/// </summary>
/// <param name="startup">Settings drawn at random first.</param>
internal sealed class TpeSampler(int startup) : ISampler
{
    private const int Candidates = 24;

    /// <inheritdoc/>
    public TrialPoint? Next(SearchSpace space, IReadOnlyList<Observation> seen, SeededRandom random)
    {
        var measured = seen.Where(observation => observation.Loss is not null).OrderBy(observation => observation.Loss).ToList();
        if (measured.Count < startup)
        {
            return UntriedSettings.Of(() => space.Draw(random), space, seen);
        }

        var count = GoodOf(measured.Count);
        var good = measured.Take(count).Select(observation => observation.Point).ToList();
        var bad = measured.Skip(count).Concat(seen.Where(observation => observation.Loss is null)).Select(observation => observation.Point).ToList();
        OptionDensity[] densities = [.. space.Dimensions.Select(dimension => OptionDensity.Of(dimension, good, bad))];
        return UntriedSettings.Of(() => Best(densities, random), space, seen);
    }

    /// <summary>How many of the tried settings are "good": a quarter at first, and ever fewer of many, as the square root grows.</summary>
    public static int GoodOf(int tried) => Math.Max(1, Math.Min((tried + 3) / 4, (int)Math.Ceiling(Math.Sqrt(tried))));

    private static TrialPoint Best(OptionDensity[] densities, SeededRandom random)
    {
        var (best, most) = (Array.Empty<string>(), double.NegativeInfinity);
        for (var candidate = 0; candidate < Candidates; candidate++)
        {
            var gain = 0.0;
            var values = new string[densities.Length];
            for (var option = 0; option < densities.Length; option++)
            {
                (values[option], var ratio) = densities[option].Draw(random);
                gain += ratio;
            }

            (best, most) = gain > most ? (values, gain) : (best, most);
        }

        return new TrialPoint(densities.Zip(best, (density, value) => KeyValuePair.Create(density.Option, value)));
    }
}
