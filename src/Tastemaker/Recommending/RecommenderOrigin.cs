using Tastemaker.Options;

namespace Tastemaker.Recommending;

/// <summary>Where a trained system comes from; stored with it.</summary>
internal sealed record RecommenderOrigin
{
    /// <summary>Its hyper-parameters.</summary>
    public required ModelOptions Options { get; init; }

    /// <summary>How it was trained.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>Fingerprint of the training data.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>The split, in words.</summary>
    public required string Split { get; init; }

    /// <summary>Fingerprint of the split.</summary>
    public required string SplitFingerprint { get; init; }

    /// <summary>
    /// Whether seen items are candidates, as they were when the system was measured; null where the split does not say and in models of earlier versions: then
    /// <see cref="Systems.SystemInfo.RecommendsSeen"/> holds.
    /// </summary>
    public bool? RecommendsSeen { get; init; }

    /// <summary>Epoch whose weights were kept, from 0; null for closed forms and where unknown.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Where the data is from an event store: the number of the last interaction that was read; null otherwise.</summary>
    public long? StoreUntil { get; init; }

    /// <summary>Version of the library that trained it.</summary>
    public required string Library { get; init; }
}
