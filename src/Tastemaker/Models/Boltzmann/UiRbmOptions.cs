using System.ComponentModel.DataAnnotations;

namespace Tastemaker.Models.Boltzmann;

/// <summary>Hyper-parameters of <see cref="UiRbm"/>.</summary>
public sealed record UiRbmOptions : UserItemRbmOptions
{
    /// <summary>
    /// Whether predictions come from neighbours (INB) rather than from the machines, which then only complete the matrix that items are compared on. In the
    /// paper with machines=items. Compares all items with all: set validate-every where the epoch is chosen by validation.
    /// </summary>
    public bool Neighborhood { get; init; }

    /// <summary>Users two items must share for their similarity to count in full; with n fewer it counts n/50. <value>50, as in the authors' code; 0 counts all in full, as the paper is written</value></summary>
    [Range(0, 100_000)]
    public int NeighborSupport { get; init; } = 50;
}
