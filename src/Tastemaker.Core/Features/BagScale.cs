namespace Tastemaker.Features;

/// <summary>What a row of features is divided by.</summary>
internal enum BagScale
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its Euclidean length.</summary>
    UnitLength,

    /// <summary>Its largest value, so that bags of counts lie in 0..1.</summary>
    Maximum,
}
