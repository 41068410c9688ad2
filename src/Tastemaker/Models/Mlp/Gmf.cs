using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using Tastemaker.Training;
using Tastemaker.Training.Batches;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>Hyper-parameters of GMF.</summary>
public sealed record GmfOptions : NcfOptions
{
    /// <summary>Numbers K a user and item; the paper tried 8 to 64. <value>32</value></summary>
    [Range(1, 4096)]
    [Search(8, 128, Log = true)]
    public int Factors { get; init; } = 32;
}

/// <summary>Generalised matrix factorisation with logistic loss (He et al. 2017, section 3.2).</summary>
internal sealed class Gmf : GradientModel<PointwiseBatch>, IPartialScorer
{
    private readonly GmfOptions options;
    private readonly GmfBranch branch;

    public Gmf(GmfOptions options, ModelShape shape)
        : base(nameof(Gmf), shape, options)
    {
        this.options = options;
        branch = new GmfBranch(shape.Users, shape.Items, options.Factors);
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<GmfOptions>((options, shape) => new Gmf(options, shape))
    {
        Id = "gmf",
        Name = "GMF",
        Family = "Mlp",
        Summary = "Matrix factorisation with a learned weight a factor and logistic loss.",
        Paper = "He, Liao, Zhang, Nie, Hu, Chua: Neural Collaborative Filtering. WWW 2017.",
        Answers = Answers.KnownUsers,
    };

    /// <inheritdoc/>
    public override Tensor? ItemVectors => branch.Items.Weight;

    /// <inheritdoc/>
    protected override IBatchSource<PointwiseBatch> Batches(TrainingSet train) =>
        new PointwiseSource(train, options.BatchSize, options.Negatives);

    /// <inheritdoc/>
    public override Tensor Loss(PointwiseBatch batch) => Losses.Logistic(branch.Logits(batch.Users, batch.Items), batch.Labels);

    /// <inheritdoc/>
    protected override Tensor Score(RequestBatch requests) => branch.CatalogLogits(tensor(requests.Users.ToArray(), device: branch.Output.Weight.device));

    /// <inheritdoc/>
    public IPartialScores? Begin(RequestBatch requests) => branch.Begin(requests.Users);
}
