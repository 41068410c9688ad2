namespace Tastemaker.Data.Splits;

/// <summary>Whether a split has a validation part.</summary>
public enum WithOrWithout
{
    /// <summary>It has.</summary>
    Yes,

    /// <summary>It has not.</summary>
    No,
}
