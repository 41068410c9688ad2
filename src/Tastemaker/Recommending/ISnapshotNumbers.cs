namespace Tastemaker.Recommending;

/// <summary>The numbers of a saved <see cref="RecommenderSnapshot"/>, by name.</summary>
internal interface ISnapshotNumbers
{
    /// <summary>The numbers of a name; null where there are none.</summary>
    T[]? Find<T>(string name)
        where T : unmanaged;
}
