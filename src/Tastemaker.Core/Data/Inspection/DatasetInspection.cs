using Tastemaker.Data.Import;

namespace Tastemaker.Data.Inspection;

/// <summary>What there is to know about a data set before anything is trained on it.</summary>
public sealed record DatasetInspection
{
    /// <summary>The data set's name.</summary>
    public required string Name { get; init; }

    /// <summary>What the import recognized; null where a data set in memory was inspected.</summary>
    public ImportReport? Import { get; init; }

    /// <summary>Number of users.</summary>
    public required int Users { get; init; }

    /// <summary>Number of items in the catalog.</summary>
    public required int Items { get; init; }

    /// <summary>Number of interactions.</summary>
    public required int Interactions { get; init; }

    /// <summary>Number of distinct user-item pairs.</summary>
    public required long DistinctPairs { get; init; }

    /// <summary>Distinct pairs as a share of all pairs, 0 to 1.</summary>
    public required double Density { get; init; }

    /// <summary>1 - <see cref="Density"/>.</summary>
    public double Sparsity => 1 - Density;

    /// <summary>Interactions a user.</summary>
    public required Distribution PerUser { get; init; }

    /// <summary>Interactions an item.</summary>
    public required Distribution PerItem { get; init; }

    /// <summary>Share of rows with label 1, 0 to 1; null where the data is not labelled.</summary>
    public double? PositiveShare { get; init; }

    /// <summary>Histogram of values: single values where there are at most 20, else 10 equal intervals; empty without values.</summary>
    public required IReadOnlyList<ValueCount> Values { get; init; }

    /// <summary>First and last time; null without times.</summary>
    public TimePeriod? Times { get; init; }

    /// <summary>Name of the feature that gives items their titles; null where there are none.</summary>
    public string? Titles { get; init; }

    /// <summary>The features.</summary>
    public required IReadOnlyList<FeatureSummary> Features { get; init; }

    /// <summary>What the user should know, from the import and from the data.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What will fit into memory.</summary>
    public required MemoryPlan Memory { get; init; }

    /// <summary>Fingerprint of the data set.</summary>
    public required string Fingerprint { get; init; }
}

/// <summary>From the first time to the last.</summary>
/// <param name="First">The earliest.</param>
/// <param name="Last">The latest.</param>
public sealed record TimePeriod(DateTimeOffset First, DateTimeOffset Last);

/// <summary>A bar of the histogram of values.</summary>
/// <param name="From">Lower end, included; equal to <paramref name="To"/> where the bar is a single value.</param>
/// <param name="To">Upper end; included in the last bar.</param>
/// <param name="Count">Interactions in it.</param>
public sealed record ValueCount(float From, float To, long Count);

/// <summary>A feature column in short.</summary>
/// <param name="Of">"user", "item" or "interaction".</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">"categorical", "multi-categorical", "numeric" or "text".</param>
/// <param name="Categories">Number of categories; null for numbers and texts.</param>
/// <param name="Missing">Rows without a value.</param>
public sealed record FeatureSummary(string Of, string Name, string Kind, int? Categories, int Missing);
