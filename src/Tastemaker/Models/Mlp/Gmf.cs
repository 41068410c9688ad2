using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Solvers.FoldIn;
using Tastemaker.Systems;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>Hyper-parameters of GMF.</summary>
public sealed record GmfOptions : NcfOptions
{
    /// <summary>At most 60 epochs: on data with few interactions 20 end before the best one.</summary>
    public GmfOptions() => Epochs = 60;

    /// <summary>Numbers K a user and item; the paper tried 8 to 64. <value>32</value></summary>
    [Range(1, 4096)]
    [Search(8, 128, Log = true)]
    public int Factors { get; init; } = 32;
}

/// <summary>
/// Generalised matrix factorisation with logistic loss (He et al. 2017, section 3.2). Strangers, of whom the paper says nothing, are folded in: the same loss, with
/// items and h at rest (<see cref="HistoryFit"/>).
/// </summary>
internal sealed class Gmf : NcfModel
{
    private readonly GmfOptions options;
    private readonly GmfBranch branch;
    private Lazy<HistoryFit>? fit;

    public Gmf(GmfOptions options, ModelShape shape)
        : base(nameof(Gmf), shape, options)
    {
        this.options = options;
        branch = new GmfBranch(shape.Users, shape.Items, options.Factors);
        RegisterComponents();
        Scorer = branch.Products(Weighted);
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = Entry<GmfOptions>(
        "gmf", "GMF", "Matrix factorisation with a learned weight a factor and logistic loss.", (options, shape) => new Gmf(options, shape), Answers.Everyone) with { ScoresByInnerProduct = true };

    /// <inheritdoc/>
    public override Tensor? ItemVectors => branch.Items.Weight;

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor users, Tensor items) => branch.Logits(users, items);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    protected override void Prepare() => fit = new(() =>
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var bias = branch.Output.Bias.item<float>();
        return new HistoryFit(
            branch.Items.Weight.ToValues<float>(),
            [.. Enumerable.Repeat(bias, Shape.Items)],
            (branch.Users.Weight * branch.Output.Weight).ToValues<float>(),
            options.Factors,
            new LabelLoss(options.Negatives));
    });

    // h o p of users, or what the logistic loss makes of it on the history of a cold-start user [B, K].
    private Tensor Weighted(RequestBatch requests) => HistoryFit.Rows(requests, users => branch.Weighted(users), fit!);
}
