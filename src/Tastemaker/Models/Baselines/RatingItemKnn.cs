using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Solvers;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>
/// Ratings by item neighborhoods (Sarwar et al. 2001, sections 3.1.3 and 3.2.1): r_ui = sum over j of s_ij r_uj / sum over j of s_ij, over what u rated among the k
/// items most similar to i. s_ij is the adjusted cosine: of the ratings of i and j less the mean of the user who gave them, over the users who rated both;
/// positive ones count. Without any such j it is the mean of what u rated. Shrink is added to the denominator of the cosine.
/// </summary>
internal sealed class RatingItemKnn(ModelShape shape, ItemKnnOptions options) : RatingNeighborhood(nameof(RatingItemKnn), "ItemKNN", shape, options)
{
    private SparseRows similar = SparseRows.Empty(shape.Items, shape.Items); // a row an item: its neighbors

    /// <inheritdoc/>
    protected override void Learn(ParallelOptions threads)
    {
        var centered = Centered();
        var byItem = centered.Transpose();
        var neighbors = new (int[] Columns, float[] Values)[Shape.Items];
        Parallel.For(
            0,
            Shape.Items,
            threads,
            () => (Products: new double[Shape.Items], Own: new double[Shape.Items], Other: new double[Shape.Items]),
            (item, _, sums) =>
            {
                neighbors[item] = Neighbors(item, byItem, centered, sums.Products, sums.Own, sums.Other);
                return sums;
            },
            _ => { });
        similar = SparseWeights.Join(neighbors, Shape.Items);
    }

    /// <inheritdoc/>
    protected override Func<int, float> Predictor(int[] items, float[] ratings, float average, int user)
    {
        var rated = new float[Shape.Items];
        rated.AsSpan().Fill(float.NaN);
        for (var entry = 0; entry < items.Length; entry++)
        {
            rated[items[entry]] = ratings[entry];
        }

        return item =>
        {
            var others = similar[item];
            var weights = similar.RowValues(item);
            var (sum, total) = (0.0, 0.0);
            for (var place = 0; place < others.Length; place++)
            {
                if (rated[others[place]] is var rating && !float.IsNaN(rating))
                {
                    sum += weights[place] * rating;
                    total += weights[place];
                }
            }

            return total > 0 ? (float)(sum / total) : average;
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor>(base.State());
        state.AddRows("similar", similar);
        return state;
    }

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        base.Take(state);
        similar = state.Rows("similar", Shape.Items, Shape.Items);
    }

    // Ratings less the mean of their user.
    private SparseRows Centered()
    {
        var values = Rated.Values.ToArray();
        for (var user = 0; user < Rated.RowCount; user++)
        {
            var row = values.AsSpan(Rated.Offsets[user], Rated.Length(user));
            var sum = 0.0;
            foreach (var rating in row)
            {
                sum += rating;
            }

            var average = (float)(sum / Math.Max(1, row.Length));
            foreach (ref var rating in row)
            {
                rating -= average;
            }
        }

        return new SparseRows(Rated.Offsets.ToArray(), Rated.Columns.ToArray(), Rated.ColumnCount, values);
    }

    private (int[] Columns, float[] Values) Neighbors(int item, SparseRows byItem, SparseRows byUser, double[] products, double[] own, double[] other)
    {
        var users = byItem[item];
        var deviations = byItem.RowValues(item);
        for (var place = 0; place < users.Length; place++)
        {
            var items = byUser[users[place]];
            var values = byUser.RowValues(users[place]);
            double deviation = deviations[place];
            for (var entry = 0; entry < items.Length; entry++)
            {
                products[items[entry]] += deviation * values[entry];
                own[items[entry]] += deviation * deviation;
                other[items[entry]] += (double)values[entry] * values[entry];
            }
        }

        var (found, similarities) = (new List<int>(), new List<float>());
        for (var candidate = 0; candidate < products.Length; candidate++)
        {
            if (candidate != item && products[candidate] > 0)
            {
                found.Add(candidate);
                similarities.Add((float)(products[candidate] / (Math.Sqrt(own[candidate] * other[candidate]) + options.Shrink)));
            }
        }

        Array.Clear(products);
        Array.Clear(own);
        Array.Clear(other);
        var (columns, weights) = (found.ToArray(), similarities.ToArray());
        var count = LargestEntries.Keep(columns, weights, options.Neighbors);
        return (columns[..count], weights[..count]);
    }
}
