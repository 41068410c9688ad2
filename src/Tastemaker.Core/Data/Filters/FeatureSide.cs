namespace Tastemaker.Data.Filters;

/// <summary>Whose features a filter means.</summary>
public enum FeatureSide
{
    /// <summary>Those of items.</summary>
    Items,

    /// <summary>Those of users.</summary>
    Users,
}
