using Tastemaker.Data.Import.Columns;

namespace Tastemaker.Data.Import.Formats;

/// <summary>A source as recognized: what to read as interactions, and what to read beside them.</summary>
internal sealed record ImportSource
{
    public required DataFormat Format { get; init; }

    /// <summary>The layout in words.</summary>
    public required string Layout { get; init; }

    /// <summary>A name for the data set, from the path.</summary>
    public required string Name { get; init; }

    public required Relation Interactions { get; init; }

    /// <summary>Whether the columns of the interactions have names of their own, or only positions.</summary>
    public bool Named { get; init; } = true;

    /// <summary>Whether the layout lists what a user did in the order of time.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>The column of labels, in layouts made for them.</summary>
    public string? Label { get; init; }

    public EntitySource? Items { get; init; }

    public EntitySource? Users { get; init; }

    /// <summary>Sources of further item features, a column each.</summary>
    public IReadOnlyList<EntitySource> ItemLists { get; init; } = [];

    /// <summary>Graphs of users or items.</summary>
    public IReadOnlyList<GraphSource> Graphs { get; init; } = [];

    /// <summary>Number of the last interaction of an event store; null for other sources.</summary>
    public long? StoreUntil { get; init; }

    /// <summary>The unit of its times, where the layout says it; null for what the options say.</summary>
    public TimeUnit? TimeUnit { get; init; }

    /// <summary>What opening it found that the user should know, each a sentence.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the layout says about columns of the interactions, by column name.</summary>
    public IReadOnlyDictionary<string, FeaturePlan> Known { get; init; } = new Dictionary<string, FeaturePlan>();
}
