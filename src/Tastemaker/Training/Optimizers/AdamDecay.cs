namespace Tastemaker.Training.Optimizers;

/// <summary>Where Adam's weight decay acts.</summary>
internal enum AdamDecay
{
    /// <summary>As an L2 term in the gradient: Adam.</summary>
    InGradient,

    /// <summary>On the weights, beside the adaptive step: AdamW.</summary>
    Decoupled,
}
