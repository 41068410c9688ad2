namespace Tastemaker.Models.Baselines;

/// <summary>What <see cref="Popularity"/> counts.</summary>
public enum PopularityMeasure
{
    /// <summary>Users who have the item; repeats count once, at their latest time.</summary>
    Users,

    /// <summary>Interactions with the item, repeats included.</summary>
    Events,

    /// <summary>Mean value (rating), damped towards the mean of all: (sum r + c mu) / (n + c).</summary>
    MeanValue,
}
