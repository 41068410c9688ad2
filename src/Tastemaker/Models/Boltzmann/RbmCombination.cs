namespace Tastemaker.Models.Boltzmann;

/// <summary>How the two machines make one rating.</summary>
public enum RbmCombination
{
    /// <summary>The mean of their reconstructions, as in the paper.</summary>
    Average,

    /// <summary>The sum, which the paper tried and found far worse: to check that.</summary>
    Sum,
}
