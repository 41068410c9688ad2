namespace Tastemaker.Models.Modern;

/// <summary>How much each expert of a DCN-V2 mixture counts for a row.</summary>
public enum ExpertGate
{
    /// <summary>Shares that add up to 1.</summary>
    Softmax,

    /// <summary>A number from 0 to 1 each, whatever the others have.</summary>
    Sigmoid,
}
