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
    private SparseRows? rated;

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

    /// <summary>
    /// The matrix of ratings, a row a user: distinct items in ascending order, with the newest value of each. Of labelled data, the rows of both labels.
    /// </summary>
    public SparseRows Rated => rated ??= NewestValues();

    private SparseRows NewestValues()
    {
        var histories = Data.IsLabelled ? Interactions.ByUser(UserCount, ItemCount) : ByUser; // of labelled data, the rows by user hold the positives alone
        var distinct = Data.IsLabelled ? histories.SortedByColumn() : Seen;
        var values = new float[distinct.EntryCount];
        for (var user = 0; user < histories.RowCount; user++)
        {
            var start = distinct.Offsets[user];
            for (var entry = 0; entry < histories.Length(user); entry++)
            {
                values[start + distinct[user].BinarySearch(histories[user][entry])] = histories.RowValues(user)[entry]; // oldest first: the newest stays
            }
        }

        return new SparseRows(distinct.Offsets.ToArray(), distinct.Columns.ToArray(), distinct.ColumnCount, values);
    }
}
