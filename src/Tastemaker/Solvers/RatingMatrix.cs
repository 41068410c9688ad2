using Tastemaker.Data;

namespace Tastemaker.Solvers;

/// <summary>The matrix of ratings: of a pair rated more than once, the newest rating. Labelled rows count with both labels.</summary>
internal static class RatingMatrix
{
    /// <summary>A row a user: distinct items, ascending, with ratings.</summary>
    public static SparseRows Of(TrainingSet train)
    {
        var labelled = train.Data.IsLabelled; // then the rows by user hold the positives alone
        var histories = labelled ? train.Interactions.ByUser(train.UserCount, train.ItemCount) : train.ByUser;
        var distinct = labelled ? histories.SortedByColumn() : train.Seen;
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
