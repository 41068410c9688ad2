namespace Tastemaker.Models.Boltzmann;

/// <summary>What the hidden units of a Boltzmann machine are.</summary>
public enum HiddenUnits
{
    /// <summary>On or off: on with probability 1 / (1 + exp(-input)).</summary>
    Binary,

    /// <summary>Normal around the input with variance 1.</summary>
    Gaussian,
}
