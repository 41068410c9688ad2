namespace Tastemaker.Serving.Events;

/// <summary>What was imported.</summary>
/// <param name="Count">How many interactions the data has.</param>
/// <param name="Added">How many of them were stored; the others were in the store already.</param>
public sealed record StoreImport(long Count, long Added);
