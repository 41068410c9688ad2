namespace Tastemaker.Data.Splits;

/// <summary>Among which items held-out items are ranked.</summary>
public enum ColdOrAll
{
    /// <summary>The held-out items only.</summary>
    Cold,

    /// <summary>The whole catalog, in which items with a training history compete.</summary>
    All,
}
