namespace Tastemaker.Models.Boltzmann;

/// <summary>How a rating is a visible unit.</summary>
public enum RbmUnits
{
    /// <summary>One linear unit whose value is the rating, reconstructed without noise.</summary>
    Real,

    /// <summary>A softmax over the values that ratings take; predicted is their mean.</summary>
    Multinomial,
}
