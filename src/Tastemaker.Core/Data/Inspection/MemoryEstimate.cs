namespace Tastemaker.Data.Inspection;

/// <summary>What a piece of work will take, as an upper estimate.</summary>
/// <param name="What">The work, such as "EASE".</param>
/// <param name="Bytes">Bytes at its peak, beside the data set itself.</param>
/// <param name="Formula">Where the figure comes from.</param>
/// <param name="Fits">Whether it fits into what is available beside the data set.</param>
/// <param name="Alternative">What to do instead where it does not fit; null where it does.</param>
public sealed record MemoryEstimate(string What, long Bytes, string Formula, bool Fits, string? Alternative);
