using Tastemaker.Features;

namespace Tastemaker.Options;

/// <summary>The hyper-parameters of systems that may read features of items alone.</summary>
internal interface IItemFeatureOptions
{
    /// <summary>The item features that are read. Where empty: all that are no text if the system needs some, none otherwise.</summary>
    IReadOnlyList<string> ItemFields { get; }

    /// <summary>Training rows that a category must occur in; rarer ones are not read.</summary>
    int MinimumCount { get; }

    /// <summary>Whether the system cannot do without: it then reads all columns of items that are no text where none are named.</summary>
    bool NeedsItemFields => false;

    /// <summary>What is done to numeric columns whose field does not say.</summary>
    NumericTransform NumberTransform => NumericTransform.Standardize;
}
