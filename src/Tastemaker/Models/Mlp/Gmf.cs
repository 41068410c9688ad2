using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
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
internal sealed class Gmf : NcfModel, IVectorModel
{
    private readonly GmfBranch branch;

    public Gmf(GmfOptions options, ModelShape shape)
        : base(nameof(Gmf), shape, options)
    {
        branch = new GmfBranch(shape.Users, shape.Items, options.Factors);
        RegisterComponents();
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = Entry<GmfOptions>("gmf", "GMF", "Matrix factorisation with a learned weight a factor and logistic loss.", (options, shape) => new Gmf(options, shape));

    /// <inheritdoc/>
    public override Tensor? ItemVectors => branch.Items.Weight;

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor users, Tensor items) => branch.Logits(users, items);

    /// <inheritdoc/>
    protected override Tensor CatalogLogits(Tensor users) => branch.CatalogLogits(users);

    /// <inheritdoc/>
    public override IPartialScores? Begin(RequestBatch requests) => branch.Begin(requests.Users);

    /// <summary>K.</summary>
    public int VectorLength => (int)branch.Items.Weight.shape[1];

    /// <summary>q.</summary>
    public void WriteItemVectors(int first, Span<float> vectors) => CatalogLayer.Write(branch.Items.Weight, null, first, vectors);

    /// <summary>h o p; the bias is what scores have in common.</summary>
    public void WriteRequestVectors(RequestBatch requests, Span<float> vectors, Span<float> constants)
    {
        branch.Weighted(requests.Users).cpu().data<float>().CopyTo(vectors);
        constants.Fill(branch.Output.Bias.item<float>());
    }
}
