using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Baselines;

/// <summary>Hyper-parameters of <see cref="Ease"/>.</summary>
public sealed record EaseOptions : ModelOptions
{
    /// <summary>lambda: L2 penalty of the weights, on the scale of co-occurrence counts.</summary>
    [Symbol("lambda")]
    [Range(1e-6, 1e12)]
    [Search(1e2, 1e7, Log = true)]
    public double Regularization { get; init; } = 300;

    /// <summary>Whether an interaction counts its value (rating, count) rather than 1; the values of repeats are added.</summary>
    public bool UseValues { get; init; }
}

/// <summary>
/// Embarrassingly shallow autoencoder: score(u) = x_u B with B = argmin |X - X B|^2 + lambda |B|^2, diag B = 0, in closed form. Column j of B
/// holds what every item says about item j; B is not symmetric, and its negative weights matter.
/// </summary>
internal sealed class Ease(ModelShape shape, EaseOptions options) : Model(nameof(Ease), shape, options)
{
    // Rows gathered before they are copied into the tensor.
    private const int Block = 128;
    private float[][] weights = [];

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<EaseOptions>((options, shape) => new Ease(shape, options))
    {
        Id = "ease",
        Name = "EASE",
        Family = "Baselines",
        Summary = "The best linear item-to-item model, in closed form.",
        Paper = "H. Steck: Embarrassingly Shallow Autoencoders for Sparse Data. WWW 2019.",
        Answers = Capabilities.Everyone,
        Graph = new(Export, ReadsHistories: true),
        Check = (_, train) => RequireMemory(train.ItemCount, MemoryPlan.Available),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => EpochPlan.Once;

    /// <inheritdoc/>
    public override Scorer Scorer => field ??= new CatalogScorer(ScoreCatalog);

    /// <summary>
    /// Refuses a catalog whose matrices do not fit into memory: one of items x items in double precision, which is inverted in place, and the weights
    /// in single precision.
    /// </summary>
    /// <exception cref="InputException">They do not fit.</exception>
    public static void RequireMemory(int items, double available) => MemoryPlan.Require(
        (double)items * items * (sizeof(double) + sizeof(float)),
        available,
        $"EASE on {items:N0} items",
        "Drop rare items with a k-core filter, or use item-knn, slim with neighbors, or ials, which need no dense items x items matrix.");

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        RequireMemory(Shape.Items, MemoryPlan.Available);
        return new SolverTraining(Solve);
    }

    private double? Solve(EpochContext context)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        weights = [];

        // G = X^T X + lambda I, P = G^-1, B_ij = -P_ij / P_jj.
        var inverse = RegularizedGram(context);
        SymmetricInverse.Invert(inverse, context.Cancellation);
        inverse.div_(inverse.diagonal().clone().neg_());
        inverse.diagonal().zero_();
        weights = Rows(inverse);
        return null;
    }

    private unsafe void ScoreCatalog(RequestBatch requests, Span<float> scores)
    {
        var rows = InteractionMatrix.Of(requests, Shape.Items, options.UseValues);
        fixed (float* pointer = scores)
        {
            var address = (nint)pointer;
            Parallel.For(0, rows.RowCount, Parallelism.Loop(), row =>
            {
                var target = new Span<float>((float*)address + ((long)row * Shape.Items), Shape.Items);
                target.Clear();
                var sources = rows[row];
                var values = rows.RowValues(row);
                for (var entry = 0; entry < sources.Length; entry++)
                {
                    Vectors.AddScaled(target, values.IsEmpty ? 1 : values[entry], weights[sources[entry]]);
                }
            });
        }
    }

    private static GraphValue Export(GraphSource source) =>
        source.Requests.Entries(source.Options<EaseOptions>().UseValues).MatMul(source.Constant("weights"));

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State()
    {
        var saved = zeros(Shape.Items, Shape.Items);
        using var scope = NewDisposeScope();
        for (var row = 0; row < weights.Length; row++)
        {
            saved[row].copy_(tensor(weights[row]));
        }

        return new Dictionary<string, Tensor> { ["weights"] = saved };
    }

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        if (!state.TryGetValue("weights", out var saved) || !saved.shape.SequenceEqual([Shape.Items, (long)Shape.Items]))
        {
            throw new InputException($"The saved model has no weights 'weights' of shape [{Shape.Items}, {Shape.Items}].");
        }

        using var scope = NewDisposeScope();
        weights = Rows(saved);
    }

    private Tensor RegularizedGram(EpochContext context)
    {
        var byUser = InteractionMatrix.Of(context.Train, options.UseValues);
        var byItem = byUser.Transpose();
        var gram = zeros(Shape.Items, Shape.Items, ScalarType.Float64);
        for (var first = 0; first < Shape.Items; first += Block)
        {
            var (start, count) = (first, Math.Min(Block, Shape.Items - first));
            var rows = new float[count * Shape.Items];
            Parallel.For(0, count, Threads.Of(context), row =>
                Gram.Row(byUser, byItem, start + row, rows.AsSpan(row * Shape.Items, Shape.Items)));
            using var block = NewDisposeScope();
            gram.narrow(0, first, count).copy_(tensor(rows, [count, Shape.Items]));
        }

        gram.diagonal().add_(options.Regularization);
        return gram;
    }

    private static float[][] Rows(Tensor matrix)
    {
        var rows = new float[matrix.shape[0]][];
        for (var row = 0; row < rows.Length; row++)
        {
            using var scope = NewDisposeScope();
            rows[row] = matrix[row].to(ScalarType.Float32).ToValues<float>();
        }

        return rows;
    }
}
