namespace Tastemaker.Data.Splits;

/// <summary>Which of a user's interactions is left out.</summary>
public enum LastOrRandom
{
    /// <summary>The newest.</summary>
    Time,

    /// <summary>Any.</summary>
    Random,
}
