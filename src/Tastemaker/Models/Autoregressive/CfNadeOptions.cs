using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Autoregressive;

/// <summary>Hyper-parameters of CF-NADE; the defaults are the paper's for MovieLens-1M.</summary>
public sealed record CfNadeOptions : GradientModelOptions
{
    /// <summary>The paper's Adam; batches such that an epoch has 20 updates.</summary>
    public CfNadeOptions() => (Epochs, BatchSize, LearningRate) = (100, null, 1e-3);

    /// <summary>Widths of the hidden layers, each followed by tanh. <value>[500]</value></summary>
    [Range(1, 65_536)]
    [SearchChoices("250", "500", "750")]
    public IReadOnlyList<int> Hidden { get; init; } = [500];

    /// <summary>Whether the weights of a level are sums of those of all levels up to it (CF-NADE-S), so that what is learned of 4 stars counts for 5.</summary>
    public bool SharesWeights { get; init; } = true;

    /// <summary>Share of the ordinal cost in the loss; the rest is the cost of unordered classes. <value>1</value></summary>
    [Range(0.0, 1.0)]
    public double OrdinalWeight { get; init; } = 1;

    /// <summary>J: writes input and output weights as products with matrices [J, H] that all columns share; 0 for free weights. The paper takes 50 on MovieLens-10M.</summary>
    [Range(0, 65_536)]
    public int Factors { get; init; }

    /// <summary>This times the squares of all weights (without a half) is added to the loss, which is a sum over a row's ratings, mean over rows; biases are free.</summary>
    [Range(0.0, 100.0)]
    [Search(0.001, 1.0, Log = true)]
    public double Regularization { get; init; } = 0.02;

    /// <summary>How the outputs of observed ratings are computed; a matter of time only.</summary>
    public ObservedOutput ObservedOutput { get; init; } = ObservedOutput.Auto;
}
