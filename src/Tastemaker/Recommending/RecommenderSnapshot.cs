using System.Runtime.CompilerServices;
using Tastemaker.Data;
using Tastemaker.Data.Features;

namespace Tastemaker.Recommending;

/// <summary>What a trained system keeps of its training data, so that it answers without it.</summary>
internal sealed record RecommenderSnapshot
{
    /// <summary>The users it was trained on.</summary>
    public required Vocabulary Users { get; init; }

    /// <summary>The catalog.</summary>
    public required Vocabulary Items { get; init; }

    /// <summary>Titles by item index; null where the data has none.</summary>
    public string?[]? Titles { get; init; }

    /// <summary>Categories of the items by feature, so that lists can be filtered by them; empty where the data has none.</summary>
    public IReadOnlyList<MultiCategoricalColumn> Categories { get; init; } = [];

    /// <summary>A row a user: what the user was trained with, oldest first.</summary>
    public required SparseRows Histories { get; init; }

    /// <summary>
    /// A row a user: all that the user has in the data, held out or not, oldest first: what lists leave out and what a request without a history is answered
    /// by. Null where that is <see cref="Histories"/>.
    /// </summary>
    public SparseRows? WholeHistories { get; init; }

    /// <summary>What each user has, as far as the data says.</summary>
    public SparseRows Known => WholeHistories ?? Histories;

    /// <summary>Training users who have each item: the fallback's scores.</summary>
    public required int[] Popularity { get; init; }

    /// <summary>What groups of users have, for cold-start users of whom only features are known.</summary>
    public GroupPopularity Segments { get; init; } = GroupPopularity.None;

    // The trials of a search have their data in common.
    private static readonly ConditionalWeakTable<Dataset, SparseRows> OfWhole = [];

    /// <summary>Takes what is needed from a training set.</summary>
    /// <param name="train">What the system learns from.</param>
    /// <param name="whole">All data, held out or not; null for the training set alone.</param>
    public static RecommenderSnapshot Of(TrainingSet train, Dataset? whole = null)
    {
        return new RecommenderSnapshot
        {
            Users = train.Data.Users,
            Items = train.Data.Items,
            Titles = train.Data.ItemTitles?.Values,
            Categories = ItemCategories.Of(train.Data.ItemFeatures),
            Histories = train.ByUser,
            WholeHistories = whole is null ? null : Whole(train, whole),
            Popularity = train.Seen.CountColumns(),
            Segments = GroupPopularity.Of(train),
        };
    }

    // The rows of the whole data in the training set's indexes; what training does not know cannot be named in them.
    private static SparseRows? Whole(TrainingSet train, Dataset whole)
    {
        var rows = OfWhole.GetValue(whole, static data => new TrainingSet(data).ByUser);
        if (!ReferenceEquals(whole.Users, train.Data.Users) || !ReferenceEquals(whole.Items, train.Data.Items))
        {
            rows = rows.Gather(Array.ConvertAll([.. train.Data.Users.Ids], id => whole.Users.IndexOf(id)))
                .WithColumns(Array.ConvertAll([.. whole.Items.Ids], id => train.Data.Items.IndexOf(id)), train.ItemCount);
        }

        return rows.EntryCount > train.ByUser.EntryCount ? rows : null;
    }

    /// <summary>Whether a user index is one with a training history.</summary>
    public bool Knows(int user) => user >= 0 && Histories.Length(user) > 0;
}
