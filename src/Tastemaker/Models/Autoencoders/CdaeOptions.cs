using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Autoencoders;

/// <summary>What follows CDAE's hidden layer.</summary>
public enum CdaeActivation
{
    /// <summary>Nothing (variants M1 and M2 of the paper).</summary>
    Identity,

    /// <summary>1 / (1 + exp(-x)) (M3 and M4).</summary>
    Sigmoid,
}

/// <summary>CDAE's loss of an item.</summary>
public enum CdaeLoss
{
    /// <summary>(y - s)^2 / 2 (variants M1 and M3 of the paper).</summary>
    Square,

    /// <summary>Cross-entropy of y and 1 / (1 + exp(-s)) (M2 and M4).</summary>
    Logistic,
}

/// <summary>Hyper-parameters of CDAE; the defaults are the paper's but for a stronger penalty, which sparse data needs, with its variant M4 (sigmoid, sigmoid, logistic), which it found best.</summary>
public sealed record CdaeOptions : ModelOptions
{
    /// <summary>Width K of the hidden layer.</summary>
    [Range(1, 4096)]
    [Search(16, 256, Log = true)]
    public int Dimension { get; init; } = 50;

    /// <summary>h: what follows the hidden layer.</summary>
    [Symbol("h")]
    public CdaeActivation Hidden { get; init; } = CdaeActivation.Sigmoid;

    /// <summary>The loss of an item, with what it implies for the output: logistic has a sigmoid, square has none.</summary>
    public CdaeLoss Loss { get; init; } = CdaeLoss.Logistic;

    /// <summary>q: share of a user's items hidden from the input. 1 leaves the user's own vector alone.</summary>
    [Symbol("q")]
    [Range(0.0, 1.0)]
    [Search(0.0, 0.9)]
    public double Corruption { get; init; } = 0.2;

    /// <summary>NS: items drawn for each of a user's, among those the user lacks, anew every epoch.</summary>
    [Range(1, 1000)]
    [Search(1, 20, Log = true)]
    public int Negatives { get; init; } = 5;

    /// <summary>Whether each user has a vector of its own. Without it this is a denoising autoencoder.</summary>
    public bool UserNode { get; init; } = true;

    /// <summary>Whether input and output share one vector an item ("TW" in the paper, worse there).</summary>
    public bool Tied { get; init; }

    /// <summary>Most passes over the users; early stopping may end sooner.</summary>
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 100;

    /// <summary>Learning rate of AdaGrad.</summary>
    [Range(1e-8, 10.0)]
    [Search(1e-2, 1, Log = true)]
    public double LearningRate { get; init; } = 0.1;

    /// <summary>lambda: L2 penalty of every vector an example touches, each time it is touched.</summary>
    [Symbol("lambda")]
    [Range(0.0, 10.0)]
    [Search(1e-4, 1e-1, Log = true)]
    public double Regularization { get; init; } = 0.03;
}
