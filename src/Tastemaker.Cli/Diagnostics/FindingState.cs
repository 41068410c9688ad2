namespace Tastemaker.Cli.Diagnostics;

/// <summary>How a checked thing is.</summary>
internal enum FindingState
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Usable, with something to know.</summary>
    Note,

    /// <summary>Broken: something will not work.</summary>
    Bad,
}
