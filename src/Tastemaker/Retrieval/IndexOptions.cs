using System.ComponentModel.DataAnnotations;

namespace Tastemaker.Retrieval;

/// <summary>How an <see cref="InvertedIndex"/> is built.</summary>
public sealed record IndexOptions
{
    /// <summary>Lists that the items are divided into; at most one an item; 0 for a number that fits their count, about four times its root. <value>0</value></summary>
    [Range(0, 1 << 20)]
    public int Lists { get; init; }

    /// <summary>Lists that a search reads, at most all; 0 for as few as <see cref="AimedRecall"/> needs. <value>0</value></summary>
    [Range(0, 1 << 20)]
    public int Probes { get; init; }

    /// <summary>
    /// Share of the truly best items that a search should find on average: the number of lists to read is chosen for it, on sampled queries.
    /// <value>0.95</value>
    /// </summary>
    [Range(0.01, 1.0)]
    public double AimedRecall { get; init; } = 0.95;

    /// <summary>How many best items <see cref="AimedRecall"/> is about. <value>100</value></summary>
    [Range(1, 10_000)]
    public int Depth { get; init; } = 100;

    /// <summary>Passes of k-means that find the lists' centres. <value>10</value></summary>
    [Range(1, 1000)]
    public int Passes { get; init; } = 10;

    /// <summary>Queries that the number of lists to read is chosen on. <value>512</value></summary>
    [Range(1, 100_000)]
    public int Samples { get; init; } = 512;

    /// <summary>Seed of everything drawn; the same seed gives the same index on any number of threads. <value>42</value></summary>
    public ulong Seed { get; init; } = 42;
}

/// <summary>How far the building of an index is.</summary>
/// <param name="Stage">What it is at, such as "centres".</param>
/// <param name="Fraction">Share of that stage that is done, from 0 to 1.</param>
public sealed record IndexProgress(string Stage, double Fraction);
