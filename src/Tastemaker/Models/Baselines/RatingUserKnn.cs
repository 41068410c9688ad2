using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Solvers;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>
/// Ratings by user neighborhoods (Resnick et al. 1994): r_ui = rbar_u + sum over v of w_uv (r_vi - rbar_v) / sum over v of |w_uv|, over the k users v with the largest
/// |w_uv| among those who rated i. w_uv is the Pearson correlation over the items that both rated, with means over these; rbar is the mean of all ratings of a
/// user. Without any such v it is rbar_u. Shrink is added to the denominator of the correlation.
/// </summary>
internal sealed class RatingUserKnn(ModelShape shape, UserKnnOptions options) : RatingNeighborhood(nameof(RatingUserKnn), "UserKNN", shape, options)
{
    private SparseRows byItem = SparseRows.Empty(shape.Items, shape.Users);
    private float[] averages = [];

    /// <inheritdoc/>
    protected override void Learn(ParallelOptions threads)
    {
        byItem = Rated.Transpose();
        averages = new float[Shape.Users];
        for (var user = 0; user < averages.Length; user++)
        {
            averages[user] = Rated.Length(user) == 0 ? 0 : (float)(Rated.RowValues(user).ToArray().Sum(rating => (double)rating) / Rated.Length(user));
        }
    }

    /// <inheritdoc/>
    protected override Func<int, float> Predictor(int[] items, float[] ratings, float average, int user)
    {
        var weights = Correlations(items, ratings);
        if (user >= 0)
        {
            weights[user] = 0;
        }

        return item =>
        {
            var raters = byItem[item];
            var given = byItem.RowValues(item);
            var (places, sizes, count) = (new int[raters.Length], new float[raters.Length], 0);
            for (var place = 0; place < raters.Length; place++)
            {
                if (weights[raters[place]] != 0)
                {
                    (places[count], sizes[count]) = (place, MathF.Abs(weights[raters[place]]));
                    count++;
                }
            }

            count = LargestEntries.Keep(places.AsSpan(0, count), sizes.AsSpan(0, count), options.Neighbors);
            var (deviation, total) = (0.0, 0.0);
            for (var neighbor = 0; neighbor < count; neighbor++)
            {
                var other = raters[places[neighbor]];
                deviation += weights[other] * (given[places[neighbor]] - averages[other]);
                total += sizes[neighbor];
            }

            return total > 0 ? (float)(average + (deviation / total)) : average;
        };
    }

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        base.Take(state);
        Learn(Parallelism.Loop());
    }

    // The correlation of some ratings with those of each user [users]; 0 where one of the two has no variance.
    private float[] Correlations(int[] items, float[] ratings)
    {
        var sums = new Moments[Shape.Users];
        for (var entry = 0; entry < items.Length; entry++)
        {
            var raters = byItem[items[entry]];
            var given = byItem.RowValues(items[entry]);
            for (var place = 0; place < raters.Length; place++)
            {
                sums[raters[place]].Add(ratings[entry], given[place]);
            }
        }

        return Array.ConvertAll(sums, moments => moments.Correlation(options.Shrink));
    }

    private struct Moments
    {
        private int count;
        private double x;
        private double y;
        private double xx;
        private double yy;
        private double xy;

        public void Add(double one, double other)
        {
            count++;
            (x, y) = (x + one, y + other);
            (xx, yy, xy) = (xx + (one * one), yy + (other * other), xy + (one * other));
        }

        public readonly float Correlation(double shrink)
        {
            const double Rounding = 1e-9; // of sums of squares
            var (varianceX, varianceY) = (xx - (x * x / Math.Max(1, count)), yy - (y * y / Math.Max(1, count)));
            return varianceX <= Rounding * xx || varianceY <= Rounding * yy
                ? 0
                : (float)((xy - (x * y / count)) / (Math.Sqrt(varianceX * varianceY) + shrink));
        }
    }
}
