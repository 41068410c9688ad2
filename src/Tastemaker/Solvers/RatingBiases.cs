using Tastemaker.Data;

namespace Tastemaker.Solvers;

/// <summary>Ratings as mean + b_u + b_i + rest. Biases of few ratings are drawn to 0: b_i = sum (r - mean) / (n_i + 10), then b_u = sum (r - mean - b_i) / (n_u + 15) (Koren 2010, section 2.1).</summary>
/// <param name="Mean">The mean rating.</param>
/// <param name="OfUsers">b_u [users].</param>
/// <param name="OfItems">b_i [items].</param>
/// <param name="Rest">What the biases leave [users, items].</param>
internal sealed record RatingBiases(float Mean, float[] OfUsers, float[] OfItems, SparseRows Rest)
{
    private const double ItemDamping = 10;
    private const double UserDamping = 15;

    /// <summary>The biases of ratings [users, items].</summary>
    public static RatingBiases Of(SparseRows ratings)
    {
        var mean = ratings.EntryCount == 0 ? 0 : ratings.Values.ToArray().Average(value => (double)value);
        var (sums, counts) = (new double[ratings.ColumnCount], new int[ratings.ColumnCount]);
        for (var entry = 0; entry < ratings.EntryCount; entry++)
        {
            sums[ratings.Columns[entry]] += ratings.Values[entry] - mean;
            counts[ratings.Columns[entry]]++;
        }

        var ofItems = Enumerable.Range(0, sums.Length).Select(item => (float)(sums[item] / (counts[item] + ItemDamping))).ToArray();
        var ofUsers = new float[ratings.RowCount];
        var rest = new float[ratings.EntryCount];
        for (var user = 0; user < ofUsers.Length; user++)
        {
            var own = rest.AsSpan(ratings.Offsets[user], ratings.Length(user));
            var sum = 0.0;
            for (var entry = 0; entry < own.Length; entry++)
            {
                own[entry] = (float)(ratings.RowValues(user)[entry] - mean - ofItems[ratings[user][entry]]);
                sum += own[entry];
            }

            ofUsers[user] = (float)(sum / (own.Length + UserDamping));
            foreach (ref var value in own)
            {
                value -= ofUsers[user];
            }
        }

        return new((float)mean, ofUsers, ofItems, new SparseRows([.. ratings.Offsets], [.. ratings.Columns], ratings.ColumnCount, rest));
    }
}
