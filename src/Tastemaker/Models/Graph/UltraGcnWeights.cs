using Tastemaker.Data;
using Tastemaker.Models.Baselines;
using Tastemaker.Solvers;
using Tastemaker.Solvers.FoldIn;
using static TorchSharp.torch;

namespace Tastemaker.Models.Graph;

/// <summary>
/// The coefficients of UltraGCN's loss. Beta_ui = sqrt((d_u + 1) / (d_i + 1)) / d_u is a factor of the user times one of the item. The graph of items is G = A^T A, A the matrix of training pairs;
/// omega_ij = G_ij / (g_i - G_ii) sqrt(g_i / g_j) with g the sums of its rows, of which each item keeps the largest. (The official code has the form of beta here, with G_ii in it.)
/// </summary>
internal sealed class UltraGcnWeights : IDisposable
{
    private readonly SparseRows seen;
    private readonly int kept;
    private readonly int[] neighbors;
    private readonly float[] neighborWeights;

    /// <param name="train">The training pairs.</param>
    /// <param name="kept">K, the neighbors to keep of each item; 0 for no graph of items.</param>
    public UltraGcnWeights(TrainingSet train, int kept)
    {
        (seen, this.kept) = (train.Seen, kept);
        (neighbors, neighborWeights) = (new int[train.ItemCount * kept], new float[train.ItemCount * kept]);
        if (kept > 0)
        {
            FindNeighbors();
        }
    }

    /// <summary>sqrt(d_u + 1) / d_u [users], 0 for users without items; once loaded.</summary>
    public Tensor Users { get; private set; } = null!;

    /// <summary>1 / sqrt(d_i + 1) [items].</summary>
    public Tensor Items { get; private set; } = null!;

    /// <summary>The neighbors of items [items, K], int32; where there are fewer, item 0 with a weight of 0.</summary>
    public Tensor Neighbors { get; private set; } = null!;

    /// <summary>Omega of the neighbors [items, K].</summary>
    public Tensor NeighborWeights { get; private set; } = null!;

    /// <summary>The factor of a user in beta.</summary>
    /// <param name="degree">d_u, the user's items.</param>
    public static double OfUser(int degree) => degree == 0 ? 0 : Math.Sqrt(degree + 1.0) / degree;

    /// <summary>Makes the tensors, which live until this is disposed of.</summary>
    public UltraGcnWeights Load(Device device)
    {
        Users = Kept(tensor(Enumerable.Range(0, seen.RowCount).Select(user => (float)OfUser(seen.Length(user))).ToArray(), device: device));
        Items = Kept(tensor(Array.ConvertAll(seen.CountColumns(), degree => (float)(1 / Math.Sqrt(degree + 1.0))), device: device));
        Neighbors = Kept(tensor(neighbors, [seen.ColumnCount, kept], device: device));
        NeighborWeights = Kept(tensor(neighborWeights, [seen.ColumnCount, kept], device: device));
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Users.Dispose();
        Items.Dispose();
        Neighbors.Dispose();
        NeighborWeights.Dispose();
    }

    private static Tensor Kept(Tensor tensor) => tensor.DetachFromDisposeScope();

    private void FindNeighbors()
    {
        var byItem = seen.Transpose();
        var degrees = new double[byItem.RowCount]; // g_i: a user with n items adds n to each of them
        for (var item = 0; item < degrees.Length; item++)
        {
            foreach (var user in byItem[item])
            {
                degrees[item] += seen.Length(user);
            }
        }

        Parallel.For(0, degrees.Length, Parallelism.Loop(), () => new SparseAccumulator(degrees.Length), (item, _, sums) =>
        {
            var entries = (long)degrees[item];
            var others = degrees[item] - byItem.Length(item);
            sums.Begin(entries);
            foreach (var user in byItem[item])
            {
                sums.Add(seen[user], [], 1);
            }

            var (found, weights) = sums.Take(kept, (other, together) => other == item ? 0 : (float)(together / others * Math.Sqrt(degrees[item] / degrees[other])));
            found.CopyTo(neighbors, item * kept);
            weights.CopyTo(neighborWeights, item * kept);
            return sums;
        }, _ => { });
    }
}

/// <summary>What UltraGCN's loss asks of a cold-start user's vector: the weighted logistic loss of the history and of uniform others, a mean over the history.</summary>
/// <param name="options">The weights.</param>
/// <param name="itemFactors">1 / sqrt(d_i + 1) of each item.</param>
internal sealed class ConstraintLoss(UltraGcnOptions options, float[] itemFactors) : FoldInLoss
{
    /// <inheritdoc/>
    public override double Curvature => throw new InvalidOperationException("The loss depends on which items a history holds.");

    /// <inheritdoc/>
    public override FoldInLoss For(int[] history, int[] others)
    {
        var factor = UltraGcnWeights.OfUser(history.Length);
        return new OfRequest(
            Array.ConvertAll(history, item => (float)(options.PositiveBase + (options.PositiveConstraint * factor * itemFactors[item])) / history.Length),
            Array.ConvertAll(others, item => (float)(options.NegativeWeight * (options.NegativeBase + (options.NegativeConstraint * factor * itemFactors[item]))) / others.Length))
        {
            Penalty = options.Regularization,
        };
    }

    /// <inheritdoc/>
    public override void Weigh(ReadOnlySpan<float> history, ReadOnlySpan<float> others, Span<float> pull, Span<float> push) =>
        throw new InvalidOperationException("The loss depends on which items a history holds.");

    private sealed class OfRequest(float[] ofHistory, float[] ofOthers) : FoldInLoss
    {
        public override double Curvature => (ofHistory.Sum() + ofOthers.Sum()) / 4;

        public override void Weigh(ReadOnlySpan<float> history, ReadOnlySpan<float> others, Span<float> pull, Span<float> push)
        {
            for (var item = 0; item < history.Length; item++)
            {
                pull[item] = ofHistory[item] / (1 + MathF.Exp(history[item]));
            }

            for (var item = 0; item < others.Length; item++)
            {
                push[item] = ofOthers[item] / (1 + MathF.Exp(-others[item]));
            }
        }
    }
}
