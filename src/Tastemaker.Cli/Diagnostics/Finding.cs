namespace Tastemaker.Cli.Diagnostics;

/// <summary>What one check of <c>taste doctor</c> found.</summary>
/// <param name="Check">What was checked.</param>
/// <param name="State">How it is.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Remedy">What to do, where something is to be done.</param>
internal sealed record Finding(string Check, FindingState State, string Detail, string? Remedy = null);

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
