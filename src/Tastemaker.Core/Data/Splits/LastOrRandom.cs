namespace Tastemaker.Data.Splits;

/// <summary>Which of a user's interactions is left out.</summary>
public enum LastOrRandom
{
    /// <summary>The newest.</summary>
    Time,

    /// <summary>Any.</summary>
    Random,

    /// <summary>The last in the order of the source, for data in order of time without times.</summary>
    Order,
}
