namespace Tastemaker.Options;

/// <summary>How the outputs of a layer over a whole catalog are had where only those of observed entries are asked for. The numbers are the same.</summary>
public enum ObservedOutput
{
    /// <summary>Whichever is faster for the share of entries that are observed and the device.</summary>
    Auto,

    /// <summary>All outputs by one matrix product, of which the observed ones are picked.</summary>
    Dense,

    /// <summary>One inner product an observed entry.</summary>
    Gathered,
}
