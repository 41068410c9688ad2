using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace OwnSystem;

/// <summary>Hyper-parameters of <see cref="SoftmaxMf"/>.</summary>
public sealed record SoftmaxMfOptions : GradientModelOptions
{
    /// <summary>Number of factors per user and item. <value>32</value></summary>
    [Range(1, 4096)]
    [Search(8, 256, Log = true)]
    public int Factors { get; init; } = 32;

    /// <summary>Sampled negatives per positive item. <value>16</value></summary>
    [Range(1, 1024)]
    public int Negatives { get; init; } = 16;
}

/// <summary>Matrix factorization that learns to pick the positive item out of some sampled negatives: -log softmax of its score.</summary>
public sealed class SoftmaxMf : Model
{
    private readonly SoftmaxMfOptions options;
    private readonly EmbeddingTable users;
    private readonly EmbeddingTable items;

    /// <summary>An untrained model.</summary>
    /// <param name="options">The hyper-parameters.</param>
    /// <param name="shape">Numbers of users and items.</param>
    public SoftmaxMf(SoftmaxMfOptions options, ModelShape shape)
        : base(nameof(SoftmaxMf), shape, options)
    {
        this.options = options;
        users = new EmbeddingTable(shape.Users, options.Factors, Initializers.Normal(0.1));
        items = new EmbeddingTable(shape.Items, options.Factors, Initializers.Normal(0.1));
        RegisterComponents();
        Scorer = new InnerProduct(
            options.Factors,
            hasBiases: false,
            requests => Queries.Of(users.forward(tensor(requests.Users.ToArray(), device: items.Weight.device))),
            () => ItemTable.Of(items.Weight));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<SoftmaxMfOptions>((options, shape) => new SoftmaxMf(options, shape))
    {
        Id = "softmax-mf",
        Name = "Softmax-MF",
        Family = "Own",
        Summary = "Matrix factorization that picks the positive item out of some sampled negatives.",
        Paper = "None: a sample.",
        Answers = Capabilities.KnownUsers,
        ScoresByInnerProduct = true,
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors => items.Weight;

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run) =>
        new GradientTraining<PairwiseBatch>(this, options, run, new PairwiseSource(train, options.BatchSize ?? 256, options.Negatives), Loss);

    /// <summary>The mean loss of a batch.</summary>
    public Tensor Loss(PairwiseBatch batch)
    {
        var candidates = cat([batch.Positives.unsqueeze(1), batch.Negatives], 1); // [B, 1 + N], the positive item first
        var scores = (users.forward(batch.Users).unsqueeze(1) * items.forward(candidates)).sum(-1); // [B, 1 + N]
        return (scores.logsumexp(1) - scores.select(1, 0)).mean();
    }
}
