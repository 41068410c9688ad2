namespace Tastemaker.Options;

/// <summary>The hyper-parameters of systems that read features of users and of items.</summary>
internal interface IEntityFeatureOptions
{
    /// <summary>The user features that are read; all columns that are no text where empty.</summary>
    IReadOnlyList<string> UserFields { get; }

    /// <summary>The item features that are read; all columns that are no text where empty.</summary>
    IReadOnlyList<string> ItemFields { get; }

    /// <summary>Training rows that a category must occur in; rarer ones are not read.</summary>
    int MinimumCount { get; }
}
