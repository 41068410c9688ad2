using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace OwnSystem;

/// <summary>Hyper-parameters of <see cref="PureSvd"/>.</summary>
public sealed record PureSvdOptions : ModelOptions
{
    /// <summary>Number of singular vectors; no more than there are items. <value>50</value></summary>
    [Range(1, 2000)]
    [Search(10, 300, Log = true)]
    public int Factors { get; init; } = 50;

    /// <summary>Sweeps of orthogonal iteration. <value>15</value></summary>
    [Range(1, 1000)]
    public int Sweeps { get; init; } = 15;
}

/// <summary>
/// PureSVD (Cremonesi, Koren and Turrin 2010): X of users and items with 1 at each interaction and 0 elsewhere, scores x V V^T with the leading right singular vectors V.
/// Whoever has a history x is answered, in training or not.
/// </summary>
public sealed class PureSvd : Model
{
    private readonly PureSvdOptions options;
    private readonly Tensor vectors; // V [items, factors], orthonormal: a buffer, which is saved with the model

    /// <summary>An untrained model.</summary>
    /// <param name="options">The hyper-parameters.</param>
    /// <param name="shape">Numbers of users and items.</param>
    public PureSvd(PureSvdOptions options, ModelShape shape)
        : base(nameof(PureSvd), shape, options)
    {
        this.options = options;
        var factors = Math.Min(options.Factors, shape.Items);
        using (var scope = NewDisposeScope())
        {
            vectors = linalg.qr(randn(shape.Items, factors)).Q.MoveToOuterDisposeScope();
        }

        RegisterComponents();
        Scorer = new InnerProduct(factors, hasBiases: false, Fold, () => ItemTable.Of(vectors));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<PureSvdOptions>((options, shape) => new PureSvd(options, shape))
    {
        Id = "pure-svd",
        Name = "PureSVD",
        Family = "Own",
        Summary = "The leading singular vectors of the matrix of interactions.",
        Paper = "P. Cremonesi, Y. Koren and R. Turrin: Performance of Recommender Algorithms on Top-N Recommendation Tasks. RecSys 2010.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Graph = new(Export, ReadsHistories: true),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Sweeps, KeepsBest: false);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors => vectors;

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        var matrix = Matrix(train.Seen);
        return new SolverTraining(context => Sweep(matrix, context)) { Ended = matrix.Dispose };
    }

    // One sweep of orthogonal iteration, V <- Q of the QR decomposition of X^T X V. The loss is the share of X that the V before it leaves unexplained.
    private double? Sweep(CsrMatrix matrix, EpochContext context)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        context.Cancellation.ThrowIfCancellationRequested();
        var image = matrix.Times(vectors); // X V [users, factors]
        vectors.copy_(linalg.qr(matrix.Transpose.Times(image)).Q);
        var loss = 1 - (image.square().sum().item<float>() / context.Train.Seen.EntryCount);
        context.Step(1, 1, loss, context.Train.UserCount);
        return loss;
    }

    // x V for the history x of each request.
    private Queries Fold(RequestBatch requests)
    {
        using var frozen = no_grad();
        using var histories = Matrix(SparseRows.FromRows([.. Enumerable.Range(0, requests.Count).Select(request => requests.History(request).ToArray().Distinct().ToArray())], Shape.Items));
        return Queries.Of(histories.Times(vectors));
    }

    // The same in ONNX operations: x V V^T.
    private static GraphValue Export(GraphSource source)
    {
        var vectors = source.Constant("vectors");
        return source.Requests.Chosen().MatMul(vectors).MatMul(vectors.Transpose(1, 0));
    }

    private static CsrMatrix Matrix(SparseRows rows) => new(rows, [.. Enumerable.Repeat(1f, rows.EntryCount)]);
}
