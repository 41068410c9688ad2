namespace Tastemaker.Options;

/// <summary>How far the output of an autoencoder with logistic units is from what it should be.</summary>
public enum ReconstructionLoss
{
    /// <summary>-x log y - (1 - x) log(1 - y), summed over the columns.</summary>
    CrossEntropy,

    /// <summary>(x - y)^2 / 2, summed over the columns.</summary>
    SquaredError,
}
