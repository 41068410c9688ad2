using MathNet.Numerics.Distributions;

namespace Tastemaker.Nn;

/// <summary>Weights of the places of a sequence by a Beta distribution over its length (Wang, Shi and Yeung 2016): w_p = F(p / N) - F((p - 1) / N). With a = b = 1 all are 1 / N.</summary>
internal static class BetaPooling
{
    /// <summary>The weights of N places, which sum to 1.</summary>
    /// <param name="places">N, at least 1.</param>
    /// <param name="a">a of the distribution, above 0.</param>
    /// <param name="b">b of the distribution, above 0.</param>
    public static float[] Weights(int places, double a, double b)
    {
        var weights = new float[places];
        var before = 0.0;
        for (var place = 0; place < places; place++)
        {
            var until = place == places - 1 ? 1 : Beta.CDF(a, b, (place + 1.0) / places);
            (weights[place], before) = ((float)(until - before), until);
        }

        return weights;
    }
}
