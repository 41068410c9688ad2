namespace Tastemaker.Models.Modern;

/// <summary>How the cross network of <see cref="DcnV2"/> and its fully connected layers are joined.</summary>
public enum CrossStructure
{
    /// <summary>The layers read what the cross network gives.</summary>
    Stacked,

    /// <summary>Both read the row; their outputs are put side by side.</summary>
    Parallel,
}
