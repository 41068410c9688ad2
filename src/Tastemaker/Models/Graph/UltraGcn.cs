using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers.FoldIn;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Graph;

/// <summary>Hyper-parameters of <see cref="UltraGcn"/>. The paper's lambda is both constraint weights, with the other two weights at 1.</summary>
public sealed record UltraGcnOptions : GradientModelOptions
{
    /// <summary>Adam at 0.005, batches such that an epoch has 20 updates or more, of 1024 at most.</summary>
    public UltraGcnOptions() => (Epochs, BatchSize, LearningRate) = (200, null, 5e-3);

    /// <summary>Embedding size per user and item.</summary>
    [Symbol("d")]
    [Range(1, 4096)]
    [Search(32, 256, Log = true)]
    public int Dimension { get; init; } = 64;

    /// <summary>w1: the weight of every positive pair in the loss; 1 in the paper, nearly 0 in the settings of the official code.</summary>
    [Symbol("w1")]
    [Range(0.0, 1e6)]
    public double PositiveBase { get; init; } = 1;

    /// <summary>w2: the weight of a positive pair's constraint coefficient beta, the paper's lambda. Beta is about 1 / d_u, so that users with few items count more the larger this is.</summary>
    [Symbol("w2")]
    [Range(0.0, 1e6)]
    [Search(1, 100, Log = true)]
    public double PositiveConstraint { get; init; } = 10;

    /// <summary>w3: the weight of every sampled negative in the loss; 1 in the paper, nearly 0 in some settings of the official code.</summary>
    [Symbol("w3")]
    [Range(0.0, 1e6)]
    public double NegativeBase { get; init; } = 1;

    /// <summary>w4: the weight of a sampled negative's constraint coefficient beta, the paper's lambda. Beta is larger for rare items.</summary>
    [Symbol("w4")]
    [Range(0.0, 1e6)]
    [Search(1, 100, Log = true)]
    public double NegativeConstraint { get; init; } = 10;

    /// <summary>Sampled negatives per positive pair, drawn uniformly from the items that the user does not have. As their mean counts, more of them make the gradient less noisy and change nothing else. <value>50; the official code has 1500 on Gowalla</value></summary>
    [Symbol("R")]
    [Range(1, 10_000)]
    public int Negatives { get; init; } = 50;

    /// <summary>The weight of the mean over the sampled negatives of a pair beside its positive. <value>10; the official code has 300 on Gowalla</value></summary>
    [Range(0.0, 1e6)]
    [Search(3, 100, Log = true)]
    public double NegativeWeight { get; init; } = 10;

    /// <summary>K: the most similar items of each item in the graph of co-occurring items.</summary>
    [Symbol("K")]
    [Range(1, 1000)]
    public int Neighbors { get; init; } = 10;

    /// <summary>Gamma: the weight of the loss on the graph of co-occurring items; 0 leaves the graph out.</summary>
    [Symbol("gamma")]
    [Range(0.0, 1e6)]
    [Search(0.01, 3, Log = true)]
    public double ItemWeight { get; init; } = 0.2;

    /// <summary>The weight of half the squared lengths of the two vectors of a positive pair. Decisive: without it, the best epoch comes early and is worse.</summary>
    [Range(0.0, 100.0)]
    [Search(0.003, 0.5, Log = true)]
    public double Regularization { get; init; } = 0.1;

    /// <summary>Standard deviation of the initial vectors.</summary>
    [Range(1e-8, 10.0)]
    public double InitialDeviation { get; init; } = 1e-2;
}

/// <summary>
/// UltraGCN: matrix factorization whose loss stands for infinitely many layers of graph convolution. With beta_ui = sqrt((d_u + 1) / (d_i + 1)) / d_u, d the degrees in training, it is the logistic
/// loss of positive and sampled negative pairs in which each pair weighs 1 + lambda beta (the paper's constraint loss and its logistic loss together), beside -omega_ij log sigma(e_u . e_j) for the K most similar items j of each positive item i
/// (<see cref="UltraGcnWeights"/>). As in the official code, the weights of positives and negatives can be set apart, and negatives count as a weighted mean.
/// Where the code differs we follow the paper: negatives are never positives of the user, and no item is its own neighbor. The L2 term, which the paper does not write down, is over the positive pairs of a batch; the code has whole tables.
/// Cold-start users, of whom the paper says nothing, are folded in: the same loss without the graph of items, with the items frozen (<see cref="FoldInSolver"/>).
/// </summary>
internal sealed class UltraGcn : Model
{
    private readonly UltraGcnOptions options;
    private readonly EmbeddingTable users;
    private readonly EmbeddingTable items;
    private readonly Tensor itemFactors; // [items], 1 / sqrt(d_i + 1): saved, as fold-in needs it
    private Lazy<FoldInSolver>? fit;

    public UltraGcn(UltraGcnOptions options, ModelShape shape)
        : base(nameof(UltraGcn), shape, options)
    {
        this.options = options;
        users = new EmbeddingTable(shape.Users, options.Dimension, Initializers.Normal(options.InitialDeviation));
        items = new EmbeddingTable(shape.Items, options.Dimension, Initializers.Normal(options.InitialDeviation)) { AlwaysWhole = true };
        itemFactors = ones(shape.Items);
        RegisterComponents();
        Scorer = new InnerProduct(options.Dimension, hasBiases: false, requests => Queries.Of(Vectors(requests)), () => ItemTable.Of(items.Weight));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<UltraGcnOptions>((options, shape) => new UltraGcn(options, shape))
    {
        Id = "ultragcn",
        Name = "UltraGCN",
        Family = "Graph",
        Summary = "Matrix factorization with a loss that approximates infinitely many layers of graph convolution, and a graph of co-occurring items.",
        Paper = "K. Mao, J. Zhu, X. Xiao, B. Lu, Z. Wang and X. He: UltraGCN: Ultra Simplification of Graph Convolutional Networks for Recommendation. CIKM 2021.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Derive = (options, train) => BatchRule.Of(options, train.Seen.EntryCount, updates: 20, largest: 1024),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors => items.Weight;

    /// <inheritdoc/>
    public override GradientTraining<PairwiseBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var weights = new UltraGcnWeights(train, options.ItemWeight > 0 ? options.Neighbors : 0).Load(items.Weight.device);
        using (no_grad())
        {
            itemFactors.copy_(weights.Items);
        }

        var source = new PairwiseSource(train, options.ExamplesPerUpdate, options.Negatives);
        return new GradientTraining<PairwiseBatch>(this, options, run, source, batch => Loss(batch, weights)) { Ended = weights.Dispose };
    }

    /// <summary>The mean loss of a batch of positive pairs, each with its sampled negatives.</summary>
    /// <param name="batch">The pairs.</param>
    /// <param name="weights">The coefficients of the training set.</param>
    public Tensor Loss(PairwiseBatch batch, UltraGcnWeights weights)
    {
        var u = users.forward(batch.Users); // [B, d]
        var drawn = cat([batch.Positives.unsqueeze(1), batch.Negatives], 1); // [B, 1 + R], the positive item first
        var beta = weights.Users.index_select(0, batch.Users).unsqueeze(1) * weights.Items.index_select(0, drawn.flatten()).view(batch.Count, -1); // [B, 1 + R]
        var ofPositives = options.PositiveBase + (options.PositiveConstraint * beta.narrow(1, 0, 1)); // [B, 1]
        var ofNegatives = options.NegativeWeight / options.Negatives * (options.NegativeBase + (options.NegativeConstraint * beta.narrow(1, 1, options.Negatives))); // [B, R]
        var (compared, importance) = (drawn, cat([ofPositives, ofNegatives], 1));
        if (options.ItemWeight > 0)
        {
            compared = cat([drawn, weights.Neighbors.index_select(0, batch.Positives)], 1); // [B, 1 + R + K]
            importance = cat([importance, options.ItemWeight * weights.NeighborWeights.index_select(0, batch.Positives)], 1);
        }

        var signs = ones_like(importance);
        signs.narrow(1, 0, 1).neg_();
        signs.narrow(1, 1 + options.Negatives, compared.shape[1] - 1 - options.Negatives).neg_();
        var loss = (importance * nn.functional.softplus(signs * Scores(u, compared))).sum() / batch.Count;
        return options.Regularization > 0
            ? loss + (options.Regularization / 2 / batch.Count * (u.square().sum() + items.Weight.index_select(0, batch.Positives).square().sum()))
            : loss;
    }

    /// <inheritdoc/>
    protected override void Prepare() => fit = new(() =>
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return new FoldInSolver(items.Weight.ToValues<float>(), [], users.Weight.ToValues<float>(), options.Dimension, new ConstraintLoss(options, itemFactors.ToValues<float>()));
    });

    // Inner products of each row's user with its items [B, n], without gathering the vectors of the items.
    private Tensor Scores(Tensor u, Tensor candidates)
    {
        var (rows, each) = (candidates.shape[0], candidates.shape[1]);
        var starts = arange(0, (rows + 1) * each, each, ScalarType.Int32, u.device);
        return ObservedProducts.Of(u, items.Weight, zeros(items.Rows, device: u.device), candidates.flatten(), starts).view(rows, each);
    }

    private Tensor Vectors(RequestBatch requests) => FoldInSolver.Rows(requests, rows => users.Weight.index_select(0, tensor(rows, device: users.Weight.device)), fit!);
}
