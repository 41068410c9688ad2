using System.ComponentModel.DataAnnotations;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
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
    [SearchChoices("64", "[64, 32]", "[128, 64, 32]")]
    public IReadOnlyList<int> Hidden { get; init; } = [128, 64, 32];
}

/// <summary>A multi-layer perceptron on the vectors of user and item, with logistic loss (He et al. 2017, section 3.3).</summary>
internal sealed class NcfMlp : NcfModel
{
    private readonly MlpBranch branch;

    public NcfMlp(NcfMlpOptions options, ModelShape shape)
        : base(nameof(NcfMlp), shape, options)
    {
        branch = new MlpBranch(shape.Users, shape.Items, options.EmbeddingDimension, options.Hidden);
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = Entry<NcfMlpOptions>("mlp", "MLP", "A multi-layer perceptron on the vectors of user and item.", (options, shape) => new NcfMlp(options, shape));

    /// <inheritdoc/>
    public override Tensor? ItemVectors => branch.Items.Weight;

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor users, Tensor items) => branch.Logits(users, items);

    /// <inheritdoc/>
    public override Scorer Scorer => field ??= new BlockScorer(Shape.Items, requests => branch.Begin(requests.Users));

    /// <inheritdoc/>
    protected override void Prepare() => branch.Prepare();
}
