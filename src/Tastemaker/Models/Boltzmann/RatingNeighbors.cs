using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Solvers;
using static TorchSharp.torch;

namespace Tastemaker.Models.Boltzmann;

/// <summary>
/// Item-based neighbors on a completed matrix (INB): the Pearson correlation w_ij of items over all users, of original ratings where there are any and of
/// predicted ones elsewhere, around the means of the original ones; a prediction is rbar_i + sum_j w_ij (r_uj - rbar_j) / sum_j |w_ij| over what the user rated.
/// </summary>
internal sealed class RatingNeighbors
{
    private readonly RatingPairs pairs;
    private readonly IReadOnlyList<float> means;
    private readonly float[] weights;
    private readonly int items;

    /// <summary>Compares all items.</summary>
    /// <param name="pairs">The original ratings.</param>
    /// <param name="means">Their mean of each item.</param>
    /// <param name="complete">The rating of a cell that has none.</param>
    /// <param name="support">Users two items must share for their similarity to count in full; 0 for none.</param>
    /// <exception cref="InputException">The matrix does not fit into memory.</exception>
    public RatingNeighbors(RatingPairs pairs, IReadOnlyList<float> means, Func<int, int, float> complete, int support)
    {
        (this.pairs, this.means, items) = (pairs, means, pairs.ByItem.RowCount);
        var users = pairs.ByUser.RowCount;
        MemoryPlan.Require(
            sizeof(float) * ((3.0 * users * items) + (3.0 * items * items)), MemoryPlan.Available, $"Completing {users:N0} x {items:N0} ratings", "Leave neighborhood off, or train on fewer users and items.");
        var (cells, rated) = (new float[users * items], new float[users * items]);
        Parallel.For(0, users, Parallelism.Loop(), user => Complete(user, complete, cells.AsSpan(user * items, items), rated.AsSpan(user * items, items)));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var centered = tensor(cells, [users, items]);
        var lengths = centered.norm(0); // [items]
        var outer = lengths.outer(lengths);
        var correlations = where(outer > 0, centered.t().matmul(centered) / outer.clamp_min(1e-12), zeros_like(outer)).clamp(-1, 1); // [items, items]
        if (support > 0)
        {
            var known = tensor(rated, [users, items]);
            correlations *= known.t().matmul(known).clamp_max(support) / support;
        }

        weights = correlations.ToValues<float>();
    }

    /// <summary>w of two items, -1 to 1.</summary>
    public float this[int item, int other] => weights[(item * items) + other];

    /// <summary>A predicted rating; an item's mean where no neighbor says anything.</summary>
    public float Predict(int user, int item)
    {
        var (sum, total) = (0f, 0f);
        var others = pairs.ByUser[user];
        var ratings = pairs.ByUser.RowValues(user);
        var row = weights.AsSpan(item * items, items);
        for (var entry = 0; entry < others.Length; entry++)
        {
            var weight = row[others[entry]];
            sum += weight * (ratings[entry] - means[others[entry]]);
            total += MathF.Abs(weight);
        }

        return means[item] + (total > 0 ? sum / total : 0);
    }

    private void Complete(int user, Func<int, int, float> complete, Span<float> cells, Span<float> rated)
    {
        var own = pairs.ByUser[user];
        var ratings = pairs.ByUser.RowValues(user);
        for (var item = 0; item < items; item++)
        {
            var place = own.BinarySearch(item);
            rated[item] = place >= 0 ? 1 : 0;
            cells[item] = (place >= 0 ? ratings[place] : complete(user, item)) - means[item];
        }
    }
}
