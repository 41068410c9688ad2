using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Solvers;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>
/// One side of DCF, users or items: features X that W reconstructs from corrupted copies, and vectors U that P projects onto the reconstruction,
/// |Xbar - W Xtil|^2 / copies + lambda sum_i omega_i |P u_i - W x_i|^2. W and P are found in closed form. W = W_0 + lambda P (Q^-1 X Omega U)^T with
/// W_0 = E[Xbar Xtil^T] Q^-1 and Q = E[Xtil Xtil^T] + lambda X Omega X^T + 1e-5 I, neither of which depends on the vectors: so an update costs p^2 d, not p^3.
/// </summary>
internal sealed class DcfSide : IDisposable
{
    // From here on single precision, of which there are three p x p at a time.
    private const int WidestDouble = 4096;

    private readonly FeatureMatrix features;
    private readonly float[] weights;
    private readonly double lambda;
    private readonly int dimension;
    private readonly ScalarType type;
    private readonly Tensor factor; // of Q, lower [p, p]
    private readonly Tensor alone; // W_0^T [p, p]
    private Tensor former; // P that the latest W was found with [p, d]
    private Tensor solved; // Q^-1 X Omega U that the latest W was found with [p, d]

    /// <summary>The parts that do not depend on vectors.</summary>
    /// <param name="features">X; owned.</param>
    /// <param name="weights">omega, one a row.</param>
    /// <param name="keep">q: the chance of each feature to be kept in a copy.</param>
    /// <param name="options">lambda and d.</param>
    public DcfSide(FeatureMatrix features, float[] weights, double[] keep, DcfOptions options)
    {
        (this.features, this.weights, lambda, dimension) = (features, weights, options.FeatureWeight, options.Dimension);
        type = features.Width <= WidestDouble ? ScalarType.Float64 : ScalarType.Float32;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var q = tensor(keep).to(type);
        var gram = features.Gram([], type);
        factor = MarginalizedLayer.Factor(MarginalizedLayer.Moment(gram, q).add_(features.Gram(weights, type), lambda));
        alone = MarginalizedLayer.Solve(MarginalizedLayer.Target(gram, q).t(), factor);
        (Projection, former, solved) = (Zeros(), Zeros(), Zeros());
        foreach (var kept in new[] { factor, alone, Projection, former, solved })
        {
            kept.DetachFromDisposeScope();
        }
    }

    /// <summary>A side of features, with the layers below the middle one made.</summary>
    /// <param name="bags">The features of each user or item.</param>
    /// <param name="which">"users" or "items", for the message.</param>
    /// <param name="weights">omega, one a row.</param>
    /// <param name="projection">P as drawn, or of a saved run.</param>
    /// <param name="options">Layers, noise, lambda and d.</param>
    /// <exception cref="InputException">There is not enough memory.</exception>
    public static DcfSide Of(SparseRows bags, string which, float[] weights, float[] projection, DcfOptions options)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        bags = options.ConstantFeature ? WithConstant(bags) : bags;
        var below = (options.Layers - 1) / 2;
        MemoryPlan.Require(
            Bytes(bags.ColumnCount) + (below > 0 ? 3.0 * sizeof(float) * bags.RowCount * bags.ColumnCount : 0), MemoryPlan.Available,
            $"The autoencoder of {bags.ColumnCount:N0} features of {which}", "Read fewer: raise minimum-count, or name fields in user-fields and item-fields.");
        double[] keep = [.. Enumerable.Repeat(1 - options.Noise, bags.ColumnCount)];
        keep[^1] = options.ConstantFeature ? 1 : keep[^1];
        var side = new DcfSide(Below(new FeatureMatrix(bags), keep, below), weights, keep, options);
        side.Begin(tensor(projection, [bags.ColumnCount, options.Dimension]));
        return side;
    }

    /// <summary>Number of users or items.</summary>
    public int RowCount => features.Count;

    /// <summary>P [p, d].</summary>
    public Tensor Projection { get; private set; }

    /// <summary>P^T P.</summary>
    public SymmetricMatrix Gram { get; private set; } = new(1);

    /// <summary>P^T W x of every row [rows, d].</summary>
    public float[] Pull { get; private set; } = [];

    /// <summary>Bytes that a side of p features takes at its peak.</summary>
    public static double Bytes(double width) => 4.0 * width * width * (width <= WidestDouble ? sizeof(double) : sizeof(float));

    /// <summary>Takes over a projection; a copy.</summary>
    public void Begin(Tensor projection) => Keep(projection.to(type), p => Projection = p, Projection);

    /// <summary>The best W for the vectors and a projection, which may be that of a saved run, and then the best P, which is written over it.</summary>
    public void Solve(float[] vectors, float[] projection)
    {
        using var scope = NewDisposeScope();
        Begin(tensor(projection, [projection.Length / dimension, dimension]));
        SolveWeights(vectors);
        SolveProjection(vectors);
        Projection.to(ScalarType.Float32).CopyValues<float>(projection);
    }

    /// <summary>The best W for the vectors and the projection.</summary>
    public void SolveWeights(float[] vectors)
    {
        using var scope = NewDisposeScope();
        Keep(MarginalizedLayer.Solve(features.Times(weights, vectors, dimension, type), factor), z => solved = z, solved);
        Keep(Projection.clone(), p => former = p, former);
    }

    /// <summary>The best P for the vectors and W, and what follows for the vectors from both.</summary>
    public void SolveProjection(float[] vectors)
    {
        using var scope = NewDisposeScope();
        var sums = features.Times(weights, vectors, dimension, type); // X Omega U [p, d]
        var u = tensor(vectors, [features.Count, dimension]).to(type);
        var gram = u.t().matmul(u * tensor(weights).to(type).unsqueeze(1)); // [d, d]
        gram.diagonal().add_(1e-9 * gram.diagonal().mean().clamp_min(1e-12));
        var seen = alone.t().matmul(sums).add_(former.matmul(solved.t().matmul(sums)), lambda); // W X Omega U [p, d]
        Keep(MarginalizedLayer.Solve(seen.t(), linalg.cholesky(gram)).t().contiguous(), p => Projection = p, Projection);
        Follow();
    }

    /// <summary>What W and P say of vectors: the pulls P^T W x, and P^T P.</summary>
    public void Follow()
    {
        using var scope = NewDisposeScope();
        var map = alone.matmul(Projection).add_(solved.matmul(former.t().matmul(Projection)), lambda); // W^T P [p, d]
        Pull = features.Map(map).ToValues<float>();
        Gram = Solvers.Gram.OfFactors(Projection.to(ScalarType.Float32).ToValues<float>(), dimension, Parallelism.Loop());
    }

    /// <summary>W [p, p].</summary>
    public Tensor Weights() => alone.t().add(former.matmul(solved.t()), lambda);

    /// <inheritdoc/>
    public void Dispose()
    {
        features.Dispose();
        foreach (var kept in new[] { factor, alone, Projection, former, solved })
        {
            kept.Dispose();
        }
    }

    private Tensor Zeros() => zeros([features.Width, dimension], type);

    private static void Keep(Tensor made, Action<Tensor> put, Tensor before)
    {
        put(made.DetachFromDisposeScope());
        before.Dispose();
    }

    private static SparseRows WithConstant(SparseRows bags)
    {
        var (offsets, columns, values) = (new int[bags.RowCount + 1], new List<int>(), new List<float>());
        for (var row = 0; row < bags.RowCount; row++)
        {
            columns.AddRange(bags[row]);
            values.AddRange(bags.RowValues(row));
            columns.Add(bags.ColumnCount);
            values.Add(1);
            offsets[row + 1] = columns.Count;
        }

        return new SparseRows(offsets, [.. columns], bags.ColumnCount + 1, [.. values]);
    }

    // tanh of what each layer below the middle makes of the one before, without noise.
    private static FeatureMatrix Below(FeatureMatrix features, double[] keep, int layers)
    {
        for (var layer = 0; layer < layers; layer++)
        {
            using var scope = NewDisposeScope();
            var reconstruction = MarginalizedLayer.Alone(features.Gram([], ScalarType.Float64), tensor(keep)); // W^T
            var next = features.Map(reconstruction).tanh().DetachFromDisposeScope();
            features.Dispose();
            features = new FeatureMatrix(next);
        }

        return features;
    }
}
