namespace Tastemaker.Models.Recurrent;

/// <summary>How an item enters GRU4Rec.</summary>
public enum Gru4RecInput
{
    /// <summary>One-hot into the first layer: a learned row of gate inputs an item.</summary>
    OneHot,

    /// <summary>A vector an item of its own.</summary>
    Separate,

    /// <summary>The item's output vector ("constrained embedding"): usually the best, and the smallest.</summary>
    Shared,
}
