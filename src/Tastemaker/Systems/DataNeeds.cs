namespace Tastemaker.Systems;

/// <summary>What a system needs from the data beyond users and items.</summary>
[Flags]
public enum DataNeeds
{
    /// <summary>Pairs of user and item suffice.</summary>
    None = 0,

    /// <summary>Values: ratings.</summary>
    Values = 1,

    /// <summary>An order in time.</summary>
    Times = 2,

    /// <summary>Features of items: categories, tags, words.</summary>
    ItemFeatures = 4,

    /// <summary>Features of users or of items.</summary>
    Features = 8,
}
