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

/// <summary>
/// Hyper-parameters of the MLP of NCF. For K predictive factors the hidden layers are 4K, 2K and K wide; embeddings have 2K numbers in the paper
/// and 4K in the official code, whose <c>layers</c> starts with the width of the two together.
/// </summary>
public sealed record NcfMlpOptions : NcfOptions
{
    /// <summary>Numbers a user and item. <value>64</value></summary>
    [Range(1, 4096)]
    [Search(8, 128, Log = true)]
    public int EmbeddingDimension { get; init; } = 64;

    /// <summary>Widths of the hidden layers; empty for MLP-0, which ranks as popularity does. <value>128, 64, 32: K = 32</value></summary>
    [Range(1, 65_536)]
    public IReadOnlyList<int> Hidden { get; init; } = [128, 64, 32];
}

/// <summary>A multi-layer perceptron on the vectors of user and item, with logistic loss (He et al. 2017, section 3.3).</summary>
internal sealed class NcfMlp : GradientModel<PointwiseBatch>, IPartialScorer
{
    private readonly NcfMlpOptions options;
    private readonly MlpBranch branch;

    public NcfMlp(NcfMlpOptions options, ModelShape shape)
        : base(nameof(NcfMlp), shape, options)
    {
        this.options = options;
        branch = new MlpBranch(shape.Users, shape.Items, options.EmbeddingDimension, options.Hidden);
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<NcfMlpOptions>((options, shape) => new NcfMlp(options, shape))
    {
        Id = "mlp",
        Name = "MLP",
        Family = "Mlp",
        Summary = "A multi-layer perceptron on the vectors of user and item.",
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
