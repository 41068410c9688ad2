namespace Tastemaker.Options;

/// <summary>The number format of matrix products in training. Weights, sums, losses and optimizers are float32 in all cases.</summary>
public enum Precision
{
    /// <summary>float32: 24 significant bits.</summary>
    Full,

    /// <summary>8 significant bits in products of fully connected layers: faster where the processor or GPU has instructions for it.</summary>
    Bfloat16,
}
