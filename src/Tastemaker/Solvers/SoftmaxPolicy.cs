namespace Tastemaker.Solvers;

/// <summary>A softmax over a catalog as a policy: its probabilities, and the gradient of the likelihood-ratio estimate of an expected reward (REINFORCE).</summary>
internal static class SoftmaxPolicy
{
    /// <summary>Turns logits into probabilities at a temperature, in place.</summary>
    public static void Normalize(Span<double> logits, double temperature)
    {
        var (most, sum) = (double.NegativeInfinity, 0.0);
        foreach (var logit in logits)
        {
            most = Math.Max(most, logit);
        }

        for (var item = 0; item < logits.Length; item++)
        {
            sum += logits[item] = Math.Exp((logits[item] - most) / temperature);
        }

        for (var item = 0; item < logits.Length; item++)
        {
            logits[item] /= sum;
        }
    }

    /// <summary>
    /// The gradient of -mean r_k log p(i_k) over samples k by the logits of all items: (p_j sum of r - the r of j's samples) / n. Its expectation under samples from p is 0 where all
    /// rewards are alike.
    /// </summary>
    /// <param name="probabilities">p [items].</param>
    /// <param name="samples">i, an item per sample.</param>
    /// <param name="rewards">r, a reward per sample, importance weights included; constants for the gradient.</param>
    /// <param name="gradient">Receives the gradient [items].</param>
    public static void Gradient(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> samples, ReadOnlySpan<double> rewards, Span<double> gradient)
    {
        var total = 0.0;
        foreach (var reward in rewards)
        {
            total += reward;
        }

        for (var item = 0; item < gradient.Length; item++)
        {
            gradient[item] = probabilities[item] * total / samples.Length;
        }

        for (var sample = 0; sample < samples.Length; sample++)
        {
            gradient[samples[sample]] -= rewards[sample] / samples.Length;
        }
    }
}
