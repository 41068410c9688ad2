namespace Tastemaker.Serving.Events;

/// <summary>What became of appended interactions.</summary>
/// <param name="Count">How many are stored by this call, or were by the call it repeats.</param>
/// <param name="Last">Number of the last of them; 0 where there was none.</param>
/// <param name="Repeated">Whether a call with the same key had stored them already.</param>
public sealed record AppendReceipt(int Count, long Last, bool Repeated);
