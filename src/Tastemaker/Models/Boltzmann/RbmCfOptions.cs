using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Boltzmann;

/// <summary>What the hidden units of a Boltzmann machine are.</summary>
public enum HiddenUnits
{
    /// <summary>On or off: on with probability 1 / (1 + exp(-input)).</summary>
    Binary,

    /// <summary>Normal around the input with variance 1.</summary>
    Gaussian,
}

/// <summary>How a Boltzmann machine predicts a rating from the ratings it is given.</summary>
public enum RatingInference
{
    /// <summary>From the expected hidden units, one pass for all columns: what the paper's experiments use.</summary>
    MeanField,

    /// <summary>By the exact conditional distribution of the one rating, summed over all hidden states: K times as many functions of hidden units.</summary>
    Exact,
}

/// <summary>
/// Hyper-parameters of RBM-CF; the defaults are the paper's for Netflix, but for the batch, which is at most its 1000 rows and such that an epoch has 20
/// updates. The paper's step of 0.01 / batch size on sums is the learning rate of 0.01 here, because losses are means over rows.
/// </summary>
public sealed record RbmCfOptions : GradientModelOptions
{
    /// <summary>Steps of 0.01 with momentum 0.9, and 50 epochs, as in the paper.</summary>
    public RbmCfOptions() => (Epochs, BatchSize, Optimizer, LearningRate, Momentum) = (50, null, OptimizerKind.Sgd, 0.01, 0.9);

    /// <summary>Hidden units F; the paper takes 500 with factors. <value>100</value></summary>
    [Range(1, 65_536)]
    [Search(20, 500, Log = true)]
    public int Hidden { get; init; } = 100;

    /// <summary>What hidden units are; Gaussian ones do worse in the paper.</summary>
    public HiddenUnits HiddenUnits { get; init; } = HiddenUnits.Binary;

    /// <summary>C: writes the weights of a column and level as a product of C numbers with a matrix [C, F] that all share; 0 for free weights. The paper takes 30.</summary>
    [Symbol("C")]
    [Range(0, 65_536)]
    public int Factors { get; init; }

    /// <summary>Whether which columns a row has rated acts on its hidden units, whatever the ratings (matrix D). Only columns rated in training count.</summary>
    public bool Conditional { get; init; }

    /// <summary>Learning rate of D, as a share of that of the rest: rows may have thousands of ratings, and all of them act at once. <value>0.1</value></summary>
    [Range(0.0, 10.0)]
    [Search(0.01, 1.0, Log = true)]
    public double ConditionalRate { get; init; } = 0.1;

    /// <summary>T: steps of the chain of contrastive divergence, in the order they come into force.</summary>
    [Symbol("T")]
    [Range(1, 1000)]
    public IReadOnlyList<int> GibbsSteps { get; init; } = [1, 3, 5, 9];

    /// <summary>Epochs (from 0) from which the second, third, ... number of steps is in force: one fewer than there are numbers of steps.</summary>
    [Range(1, 100_000)]
    public IReadOnlyList<int> GibbsGrowth { get; init; } = [18, 28, 42];

    /// <summary>Whether the chain draws ratings too; else it goes on with their probabilities, which varies less. Hidden units are always drawn.</summary>
    public bool SampleRatings { get; init; }

    /// <summary>Half of this times the squares of weights is added to the loss; biases are free. <value>0.001</value></summary>
    [Range(0.0, 10.0)]
    [Search(1e-4, 1e-1, Log = true)]
    public double Regularization { get; init; } = 0.001;

    /// <summary>Standard deviation of initial weights. <value>0.01</value></summary>
    [Range(0.0, 1.0)]
    public double InitialDeviation { get; init; } = 0.01;

    /// <summary>How ratings are predicted.</summary>
    public RatingInference Inference { get; init; } = RatingInference.MeanField;

    /// <summary>How the reconstructions of observed ratings are computed; a matter of time only.</summary>
    public ObservedOutput ObservedOutput { get; init; } = ObservedOutput.Auto;
}
