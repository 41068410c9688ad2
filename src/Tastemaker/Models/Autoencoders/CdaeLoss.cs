namespace Tastemaker.Models.Autoencoders;

/// <summary>CDAE's loss of an item.</summary>
public enum CdaeLoss
{
    /// <summary>(y - s)^2 / 2 (variants M1 and M3 of the paper).</summary>
    Square,

    /// <summary>Cross-entropy of y and 1 / (1 + exp(-s)) (M2 and M4).</summary>
    Logistic,
}
