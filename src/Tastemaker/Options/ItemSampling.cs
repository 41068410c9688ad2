namespace Tastemaker.Options;

/// <summary>How items are drawn to stand for the whole catalog.</summary>
public enum ItemSampling
{
    /// <summary>Each with the same probability.</summary>
    Uniform,

    /// <summary>In proportion to how often they occur in training.</summary>
    Popularity,

    /// <summary>In proportion to log((r + 2) / (r + 1)) of their rank r by popularity, from 0: Zipf's law. Items that training lacks are drawn too.</summary>
    LogUniform,
}
