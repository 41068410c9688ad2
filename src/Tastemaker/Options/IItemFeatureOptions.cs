namespace Tastemaker.Options;

/// <summary>The hyper-parameters of systems that may read features of items alone.</summary>
internal interface IItemFeatureOptions
{
    /// <summary>The item features that are read; none where empty.</summary>
    IReadOnlyList<string> ItemFields { get; }

    /// <summary>Training rows that a category must occur in; rarer ones are not read.</summary>
    int MinimumCount { get; }

    /// <summary>Whether the system cannot do without: it then reads all columns of items that are no text where none are named.</summary>
    bool NeedsItemFields => false;
}
