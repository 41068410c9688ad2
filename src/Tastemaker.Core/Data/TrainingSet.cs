namespace Tastemaker.Data;

/// <summary>
/// What a system may learn from: a data set that holds the training interactions of a split and nothing held out, with the matrix views
/// that systems share, each made on first use.
/// </summary>
/// <param name="data">Vocabularies, features, and the training interactions only.</param>
public sealed class TrainingSet(Dataset data)
{
    private readonly Lazy<SparseRows> byUser = new(() => data.TakenUp().ByUser(data.Users.Count, data.Items.Count));
    private SparseRows? byItem;
    private SparseRows? seen;

    /// <summary>Vocabularies, features, and the training interactions.</summary>
    public Dataset Data { get; } = data;

    /// <summary>The training interactions in source order; of labelled data, those of both labels.</summary>
    public Interactions Interactions => Data.Interactions;

    /// <summary>Number of users in the vocabulary (some may have no training interaction).</summary>
    public int UserCount => Data.Users.Count;

    /// <summary>Number of items in the vocabulary (some may have no training interaction).</summary>
    public int ItemCount => Data.Items.Count;

    /// <summary>
    /// A row a user: items in time order (repeats included), with values and times where present. Of labelled data, the items with label 1, without values.
    /// </summary>
    public SparseRows ByUser => byUser.Value;

    /// <summary>The transpose of <see cref="ByUser"/>: a row an item, users in index order, with values and times where present.</summary>
    public SparseRows ByItem => byItem ??= ByUser.Transpose();

    /// <summary>A row a user: the distinct items of <see cref="ByUser"/> in ascending order, for membership tests.</summary>
    public SparseRows Seen => seen ??= ByUser.SortedByColumn();
}
