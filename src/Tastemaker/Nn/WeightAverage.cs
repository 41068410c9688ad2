using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>A copy of a network whose weights are a running mean of those that are trained: what is scored with, where training itself is noisy.</summary>
internal static class WeightAverage
{
    /// <summary>Makes the copy begin at the weights of the network; it has no gradients of its own.</summary>
    public static void Begin(nn.Module average, nn.Module network)
    {
        using var grad = no_grad();
        foreach (var (copy, weight) in average.parameters().Zip(network.parameters()))
        {
            copy.copy_(weight);
        }
    }

    /// <summary>Moves the mean towards the weights: mean = decay mean + (1 - decay) weights.</summary>
    /// <param name="average">The copy.</param>
    /// <param name="network">What is trained, of the same shape.</param>
    /// <param name="update">Updates done so far.</param>
    /// <param name="decay">The decay after many updates; before, (1 + s) / (10 + s) at update s, so that the first weights are soon forgotten.</param>
    public static void Follow(nn.Module average, nn.Module network, long update, double decay)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        decay = Math.Min(decay, (1.0 + update) / (10.0 + update));
        foreach (var (copy, weight) in average.parameters().Zip(network.parameters()))
        {
            copy.lerp_(weight, 1 - decay);
        }
    }
}
