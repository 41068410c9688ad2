using Tastemaker.Batches.Sampling;

namespace Tastemaker.Batches;

/// <summary>What the batches of a <see cref="RetrievalSource"/> consist of.</summary>
internal sealed record RetrievalPlan
{
    /// <summary>Rows a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Rows of each user an epoch, drawn anew every epoch; 0 for all that the user has, each once.</summary>
    public int ExamplesPerUser { get; init; }

    /// <summary>Earlier items that a row must have, where its user has any such row.</summary>
    public int LeastHistory { get; init; }

    /// <summary>Whether a row sees all other positives of its user, whenever that was, rather than what came before; of data without times or order it always does.</summary>
    public bool SeesFuture { get; init; }

    /// <summary>Items drawn for each batch.</summary>
    public int Samples { get; init; }

    /// <summary>What they are drawn from; needed where there are samples.</summary>
    public ItemDistribution? Sampler { get; init; }

    /// <summary>Log of the expected number of columns with each item [items]; null for zeros.</summary>
    public float[]? LogCounts { get; init; }
}
