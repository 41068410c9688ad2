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

namespace Tastemaker.Tests.Documentation;

/// <summary>Hyper-parameters of <see cref="SoftmaxMf"/>.</summary>
public sealed record SoftmaxMfOptions : GradientModelOptions
{
    /// <summary>Numbers a user and item. <value>32</value></summary>
    [Range(1, 4096), Search(8, 256, Log = true)]
    public int Factors { get; init; } = 32;

    /// <summary>Items each chosen item is compared with. <value>16</value></summary>
    [Range(1, 1024)]
    public int Negatives { get; init; } = 16;
}

/// <summary>Matrix factorization that learns to pick the chosen item out of a few others: -log softmax of its score.</summary>
internal sealed class SoftmaxMf : Model
{
    private readonly SoftmaxMfOptions options;
    private readonly EmbeddingTable users, items;

    public SoftmaxMf(SoftmaxMfOptions options, ModelShape shape)
        : base(nameof(SoftmaxMf), shape, options)
    {
        this.options = options;
        users = new EmbeddingTable(shape.Users, options.Factors, Initializers.Normal(0.1));
        items = new EmbeddingTable(shape.Items, options.Factors, Initializers.Normal(0.1));
        RegisterComponents();
    }

    public static SystemInfo Info { get; } = new SystemInfo<SoftmaxMfOptions>((options, shape) => new SoftmaxMf(options, shape))
    {
        Id = "softmax-mf", Name = "Softmax-MF", Family = "Baselines", Answers = Answers.KnownUsers,
        Summary = "Matrix factorization that picks the chosen item out of a few others.", Paper = "None: the example of docs/adding-a-system.md.",
    };

    public override Tensor? ItemVectors => items.Weight;

    public override EpochPlan Plan => new(options.Epochs);

    public override ITraining Begin(TrainingSet train, TrainingOptions run) =>
        new GradientTraining<PairwiseBatch>(this, options, run, new PairwiseSource(train, options.ExamplesPerUpdate, options.Negatives), Loss);

    public override Scorer Scorer => field ??= new InnerProduct(options.Factors, hasBiases: false,
        requests => Queries.Of(users.forward(tensor(requests.Users.ToArray(), device: items.Weight.device))), () => ItemTable.Of(items.Weight));

    public Tensor Loss(PairwiseBatch batch)
    {
        var candidates = cat([batch.Positives.unsqueeze(1), batch.Negatives], 1);                        // [B, 1 + N], the chosen item first
        var scores = (users.forward(batch.Users).unsqueeze(1) * items.forward(candidates)).sum(-1);      // [B, 1 + N]
        return (scores.logsumexp(1) - scores.select(1, 0)).mean();
    }
}
