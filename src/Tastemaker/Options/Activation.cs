namespace Tastemaker.Options;

/// <summary>What a layer applies to each of its outputs.</summary>
public enum Activation
{
    /// <summary>Nothing.</summary>
    Identity,

    /// <summary>The logistic function 1 / (1 + exp(-x)).</summary>
    Logistic,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>max(x, 0).</summary>
    Relu,
}
