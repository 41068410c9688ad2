namespace Tastemaker.Data.Inspection;

/// <summary>A bar of the histogram of values.</summary>
/// <param name="From">Lower end, included; equal to <paramref name="To"/> where the bar is a single value.</param>
/// <param name="To">Upper end; included in the last bar.</param>
/// <param name="Count">Interactions in it.</param>
public sealed record ValueCount(float From, float To, long Count);
