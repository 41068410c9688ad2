using Tastemaker.Texts;

namespace Tastemaker.Features;

/// <summary>A field before it is fitted: what its text says.</summary>
internal sealed record FieldPlan
{
    /// <summary>The name of the fitted field.</summary>
    public required string Name { get; init; }

    /// <summary>Where the value comes from.</summary>
    public required FieldSource Source { get; init; }

    /// <summary>The feature column, or null.</summary>
    public string? Column { get; init; }

    /// <summary>What is done to a number; null for the default of numeric columns, and for others.</summary>
    public NumericTransform? Transform { get; init; }

    /// <summary>Number of quantile buckets.</summary>
    public int Buckets { get; init; }

    /// <summary>Number of hash buckets; 0 for a list of categories.</summary>
    public int Hash { get; init; }

    /// <summary>Training rows that a category must occur in to be known; null for the schema's default.</summary>
    public int? MinimumCount { get; init; }

    /// <summary>Whether several categories are averaged rather than added up; null for the default of the column's kind.</summary>
    public bool? IsMean { get; init; }

    /// <summary>Which words a bag of words knows; null for other fields. Its minimum count is that of the plan.</summary>
    public WordRules? Words { get; init; }

    /// <summary>What a word weighs.</summary>
    public WordWeighting Weighting { get; init; }

    /// <summary>Most items of a history.</summary>
    public int Last { get; init; } = 50;

    /// <summary>Texts of the crossed fields.</summary>
    public IReadOnlyList<string> Crossed { get; init; } = [];
}
