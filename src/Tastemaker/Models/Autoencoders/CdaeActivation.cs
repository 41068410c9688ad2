namespace Tastemaker.Models.Autoencoders;

/// <summary>What follows CDAE's hidden layer.</summary>
public enum CdaeActivation
{
    /// <summary>Nothing (variants M1 and M2 of the paper).</summary>
    Identity,

    /// <summary>1 / (1 + exp(-x)) (M3 and M4).</summary>
    Sigmoid,
}
