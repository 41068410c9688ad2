using System.ComponentModel.DataAnnotations;
using System.Numerics;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using Tastemaker.Training.Optimizers;
using static TorchSharp.torch;

namespace Tastemaker.Models.Convolutional;

/// <summary>Hyper-parameters of <see cref="ConvNcf"/>. The defaults are those of the official code except fewer epochs and half the embedding size, which makes a pair four times as fast.</summary>
public sealed record ConvNcfOptions : GradientModelOptions
{
    /// <summary>Adagrad at 0.05, batches of 512 training triples (user, positive, negative).</summary>
    public ConvNcfOptions() => (Epochs, BatchSize, LearningRate, Optimizer) = (30, 512, 0.05, OptimizerKind.Adagrad);

    /// <summary>K: embedding size, a power of 2; the network has log2(K) layers. <value>32; the paper has 64</value></summary>
    [Symbol("K")]
    [Range(2, 1024)]
    public int Dimension { get; init; } = 32;

    /// <summary>Number of channels of each layer.</summary>
    [Range(1, 512)]
    [Search(8, 64, Log = true)]
    public int Channels { get; init; } = 32;

    /// <summary>Epochs of matrix factorization (BPR) that pre-train the embeddings. They come before those of epochs: a run has as many as both together. <value>200; the code has 500</value></summary>
    [Range(0, 100_000)]
    public int PretrainingEpochs { get; init; } = 200;

    /// <summary>L2 regularization of the embeddings of a training triple.</summary>
    [Range(0.0, 10.0)]
    [Search(1e-3, 1e-1, Log = true)]
    public double Regularization { get; init; } = 0.01;

    /// <summary>L2 regularization of the kernels and of the output layer.</summary>
    [Range(0.0, 1000.0)]
    public double KernelRegularization { get; init; } = 1;

    /// <summary>L2 regularization of the output layer, added to that of the kernels.</summary>
    [Range(0.0, 1000.0)]
    public double OutputRegularization { get; init; } = 10;

    /// <summary>Learning rate of the first epoch after pre-training; that epoch has no regularization.</summary>
    [Range(1e-8, 10.0)]
    public double FirstLearningRate { get; init; } = 0.01;
}

/// <summary>
/// ConvNCF: a convolutional network over the outer product of the embeddings of user and item (equations 3 to 6). Minimizes the BPR loss (equation 8); matrix factorization pre-trains the embeddings. As in the official code, the loss
/// is a sum over the batch, the accumulators of Adagrad start at 0.1, the output layer is regularized twice, and the first epoch has no regularization. The dimensions of an embedding have no order: Ferrari Dacrema et al. (CIKM 2020)
/// found that the network does not benefit from correlations between dimensions and that simpler systems are more accurate. It is here so that anyone can check this. Each pair of user and item passes through the network, which
/// costs 1.5 million multiplications at 64 dimensions: for large catalogs use it as the second of two stages, on candidates of a faster system.
/// </summary>
internal sealed class ConvNcf : Model
{
    private const double InitialAccumulator = 0.1; // as in TensorFlow; from 0, the first steps would be as large as the embeddings
    private const double VectorDeviation = 0.01;
    private const double KernelDeviation = 0.1;
    private const double Bias = 0.1;
    private const int PairsAtOnce = 256; // the input of the second layer for so many pairs fits in a cache

    private readonly ConvNcfOptions options;
    private readonly EmbeddingTable users;
    private readonly EmbeddingTable items;
    private readonly QuadTree convolutions;
    private readonly Dense output;
    private Tensor? columns; // QuadTree.Columns of all items

    public ConvNcf(ConvNcfOptions options, ModelShape shape)
        : base(nameof(ConvNcf), shape, options)
    {
        if (!BitOperations.IsPow2(options.Dimension))
        {
            throw new InputException($"The dimension of ConvNCF must be a power of 2 such as 32 or 64, because each layer halves it; {options.Dimension} is not.");
        }

        this.options = options;
        users = new EmbeddingTable(shape.Users, options.Dimension, Initializers.TruncatedNormal(VectorDeviation));
        items = new EmbeddingTable(shape.Items, options.Dimension, Initializers.TruncatedNormal(VectorDeviation));
        convolutions = new QuadTree(BitOperations.Log2((uint)options.Dimension), options.Channels, KernelDeviation, Bias);
        output = new Dense(options.Channels, 1, Initializers.Normal(KernelDeviation));
        RegisterComponents();
        Scorer = new PairScorer(shape.Items, Begin);
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<ConvNcfOptions>((options, shape) => new ConvNcf(options, shape))
    {
        Id = "convncf",
        Name = "ConvNCF",
        Family = "Convolutional",
        Summary = "A convolutional network over the outer product of the vectors of user and item.",
        Paper = "X. He, X. Du, X. Wang, F. Tian, J. Tang and T.-S. Chua: Outer Product-based Neural Collaborative Filtering. IJCAI 2018.",
        Answers = Capabilities.KnownUsers,
    };

    /// <summary>Matrix factorization, one epoch without regularization, and the rest.</summary>
    public override EpochPlan Plan => new(options.PretrainingEpochs + options.Epochs, FirstMeasured: options.PretrainingEpochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors => items.Weight;

    /// <summary>The layers.</summary>
    public QuadTree Convolutions => convolutions;

    /// <summary>w and b.</summary>
    public Dense Output => output;

    /// <inheritdoc/>
    public override GradientTraining<PairwiseBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var stage = 0;
        return new GradientTraining<PairwiseBatch>(this, options, run, new PairwiseSource(train, options.ExamplesPerUpdate), batch => stage == 0 ? FactorizationLoss(batch) : Loss(batch, isRegularized: stage == 2))
        {
            MakeOptimizer = (kind, parameters, decay) => kind is OptimizerKind.Adagrad
                ? new Adagrad(parameters, options.Momentum, decay, InitialAccumulator)
                : Optimizer.Create(kind, parameters, options.Momentum, decay),
            StageOf = epoch =>
            {
                stage = Math.Clamp(epoch - options.PretrainingEpochs + 1, 0, 2);
                var (name, rate) = stage switch
                {
                    0 => ("factorization", options.LearningRate),
                    1 => ("first", options.FirstLearningRate),
                    _ => ("", options.LearningRate),
                };
                return new GradientStage<PairwiseBatch>(name, options.Optimizer, rate, options.WeightDecay);
            },
        };
    }

    /// <summary>The loss of pre-training: the BPR loss of inner products, summed over the batch, with L2 regularization.</summary>
    public Tensor FactorizationLoss(PairwiseBatch batch)
    {
        var (p, q, r) = Vectors(batch);
        return nn.functional.softplus(((r - q) * p).sum(1)).sum() + Squares(p, q, r);
    }

    /// <summary>The BPR loss of the network, summed over the batch, with L2 regularization unless it is left out.</summary>
    public Tensor Loss(PairwiseBatch batch, bool isRegularized = true)
    {
        var (p, q, r) = Vectors(batch);
        var loss = nn.functional.softplus(Scores(p, convolutions.Columns(r)) - Scores(p, convolutions.Columns(q))).sum();
        if (!isRegularized)
        {
            return loss;
        }

        var last = output.Weight.square().sum() + output.Bias.square().sum();
        var kernels = convolutions.Kernels.Select(kernel => kernel.square().sum()).Aggregate((sum, next) => sum + next);
        return loss + Squares(p, q, r) + (options.OutputRegularization * last) + (options.KernelRegularization * (kernels + last));
    }

    /// <summary>The scores of pairs [n].</summary>
    /// <param name="p">The embeddings of users [n, K].</param>
    /// <param name="columns"><see cref="QuadTree.Columns"/> of the embeddings of items.</param>
    public Tensor Scores(Tensor p, Tensor columns) => output.forward(convolutions.forward(p, columns)).squeeze(1);

    /// <inheritdoc/>
    protected override void Prepare()
    {
        columns?.Dispose();
        columns = convolutions.Columns(items.Weight).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        columns?.Dispose();
        base.Dispose(disposing);
    }

    private (Tensor P, Tensor Q, Tensor R) Vectors(PairwiseBatch batch) =>
        (users.forward(batch.Users), items.forward(batch.Positives), items.forward(batch.Negatives.squeeze(1))); // each [B, K]

    private Tensor Squares(Tensor p, Tensor q, Tensor r) => options.Regularization * (p.square().sum() + q.square().sum() + r.square().sum());

    private PairScores Begin(RequestBatch requests)
    {
        int[] of = [.. requests.Users];
        return (request, some, scores) =>
        {
            for (var first = 0; first < some.Length; first += PairsAtOnce)
            {
                using var scope = NewDisposeScope();
                var count = Math.Min(PairsAtOnce, some.Length - first);
                var p = users.Weight.narrow(0, Math.Max(0, of[request]), 1).expand(count, -1);
                Scores(p.contiguous(), columns!.index_select(0, tensor(some.Slice(first, count).ToArray(), device: columns.device))).CopyValues(scores.Slice(first, count));
            }
        };
    }
}
