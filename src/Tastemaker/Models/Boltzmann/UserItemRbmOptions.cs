using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Boltzmann;

/// <summary>How a rating is a visible unit.</summary>
public enum RbmUnits
{
    /// <summary>One linear unit whose value is the rating, reconstructed without noise.</summary>
    Real,

    /// <summary>A softmax over the values that ratings take; predicted is their mean.</summary>
    Multinomial,
}

/// <summary>How the two machines make one rating.</summary>
public enum RbmCombination
{
    /// <summary>The mean of their reconstructions, as in the paper.</summary>
    Average,

    /// <summary>The sum, which the paper tried and found far worse: to check that.</summary>
    Sum,
}

/// <summary>The hyper-parameters of machines that take the whole matrix of ratings as one training case.</summary>
public abstract record UserItemRbmOptions : ModelOptions
{
    /// <summary>Hidden units of a user, F^U.</summary>
    [Range(1, 4096)]
    [Search(10, 200, Log = true)]
    public int UserHidden { get; init; } = 40;

    /// <summary>Hidden units of an item, F^I.</summary>
    [Range(1, 4096)]
    [Search(10, 200, Log = true)]
    public int ItemHidden { get; init; } = 40;

    /// <summary>Most steps on the whole matrix; early stopping on the validation part may end sooner. <value>1000, as in the authors' code</value></summary>
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 1000;

    /// <summary>Learning rate on sums over cases, divided by the number of cases: of users for the user machine, of items for the item machine.</summary>
    [Range(1e-8, 10.0)]
    [Search(5e-3, 0.1, Log = true)]
    public double LearningRate { get; init; } = 0.05;

    /// <summary>Share of the previous step that is repeated.</summary>
    [Range(0.0, 0.999)]
    public double Momentum { get; init; } = 0.6;

    /// <summary>Weight decay: the share of each weight, times the learning rate, that a step takes away. Biases keep theirs.</summary>
    [Range(0.0, 10.0)]
    [Search(1e-5, 1e-2, Log = true)]
    public double WeightDecay { get; init; } = 0.0002;

    /// <summary>Standard deviation of initial weights; biases begin at 0.</summary>
    [Range(0.0, 10.0)]
    public double InitialDeviation { get; init; } = 0.1;

    /// <summary>Whether a rating is one linear unit or a softmax over its values.</summary>
    public RbmUnits Units { get; init; }

    /// <summary>Both machines, or one alone: U-RBM and I-RBM.</summary>
    public RbmMachines Machines { get; init; }

    /// <summary>How two machines make one rating.</summary>
    public RbmCombination Combine { get; init; }
}
