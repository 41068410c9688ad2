namespace Tastemaker.Retrieval;

/// <summary>How far the building of an index is.</summary>
/// <param name="Stage">What it is at, such as "centres".</param>
/// <param name="Fraction">Share of that stage that is done, from 0 to 1.</param>
public sealed record IndexProgress(string Stage, double Fraction);
