using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Baselines;

/// <summary>The hyper-parameters of factorisations learned by stochastic gradient descent, one example at a time.</summary>
public abstract record SgdFactorOptions : ModelOptions
{
    /// <summary>Length of a vector.</summary>
    [Range(1, 4096)]
    [Search(16, 256, Log = true)]
    public int Dimension { get; init; } = 32;

    /// <summary>Most passes over the training data; early stopping may end sooner.</summary>
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 20;

    /// <summary>Learning rate.</summary>
    [Range(1e-8, 10.0)]
    [Search(1e-3, 1e-1, Log = true)]
    public double LearningRate { get; init; } = 0.01;

    /// <summary>L2 penalty of every number an example touches, each time it is touched: frequent users and items are penalised more.</summary>
    [Range(0.0, 10.0)]
    [Search(1e-3, 1e-1, Log = true)]
    public double Regularization { get; init; } = 0.01;

    /// <summary>Standard deviation of initial vectors.</summary>
    [Range(0.0, 10.0)]
    public double InitialDeviation { get; init; } = 0.1;
}
