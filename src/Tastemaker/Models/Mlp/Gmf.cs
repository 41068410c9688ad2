using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Solvers.FoldIn;
using Tastemaker.Systems;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>Hyper-parameters of GMF.</summary>
public sealed record GmfOptions : NcfOptions
{
    /// <summary>At most 60 epochs: on data with few interactions 20 end before the best one.</summary>
    public GmfOptions() => Epochs = 60;

    /// <summary>Values K per user and item; the paper tried 8 to 64. <value>32</value></summary>
    [Range(1, 4096)]
    [Search(8, 128, Log = true)]
    public int Factors { get; init; } = 32;
}

/// <summary>
/// Generalized matrix factorization with logistic loss (He et al. 2017, section 3.2). Cold-start users, of whom the paper says nothing, are folded in: the same loss, with
/// items and h frozen (<see cref="FoldInSolver"/>).
/// </summary>
internal sealed class Gmf : NcfModel
{
    private readonly GmfOptions options;
    private readonly GmfBranch branch;
    private Lazy<FoldInSolver>? fit;

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
        "gmf", "GMF", "Matrix factorization with a learned weight a factor and logistic loss.", (options, shape) => new Gmf(options, shape)) with { Answers = Capabilities.Everyone, ScoresByInnerProduct = true };

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
        return new FoldInSolver(
            branch.Items.Weight.ToValues<float>(),
            [.. Enumerable.Repeat(bias, Shape.Items)],
            (branch.Users.Weight * branch.Output.Weight).ToValues<float>(),
            options.Factors,
            new LabelLoss(options.Negatives));
    });

    // h o p of users, or what the logistic loss makes of it on the history of a cold-start user [B, K].
    private Tensor Weighted(RequestBatch requests) => FoldInSolver.Rows(requests, users => branch.Weighted(users), fit!);
}

/// <summary>Generalized matrix factorization: h . (p_u o q_i), eq. 9 of He et al. 2017 before the sigmoid, with the official code's bias.</summary>
internal sealed class GmfBranch : nn.Module
{
    private readonly EmbeddingTable users; // fields, because state_dict names parameters by their fields
    private readonly EmbeddingTable items;
    private readonly Dense output;

    /// <summary>Tables of <paramref name="factors"/> values per user and item, drawn from N(0, 0.01^2); h is LeCun uniform (official code).</summary>
    public GmfBranch(int userCount, int itemCount, int factors)
        : base(nameof(GmfBranch))
    {
        users = new EmbeddingTable(userCount, factors, Initializers.Normal(0.01));
        items = new EmbeddingTable(itemCount, factors, Initializers.Normal(0.01));
        output = new Dense(factors, 1, Initializers.LecunUniform);
        RegisterComponents();
    }

    /// <summary>P [users, K].</summary>
    public EmbeddingTable Users => users;

    /// <summary>Q [items, K].</summary>
    public EmbeddingTable Items => items;

    /// <summary>h and the bias.</summary>
    public Dense Output => output;

    /// <summary>Logits of pairs: ids [B] and [B] to [B].</summary>
    public Tensor Logits(Tensor userIds, Tensor itemIds) => output.forward(users.forward(userIds) * items.forward(itemIds)).squeeze(1);

    /// <summary>Users with h folded in, h o p_u [B, K].</summary>
    public Tensor Weighted(ReadOnlySpan<int> userIds) =>
        users.Weight.index_select(0, tensor(userIds.ToArray(), device: users.Weight.device)) * output.Weight;

    /// <summary>The logits of a branch that is saved under a name, in a graph.</summary>
    public static GraphValue Export(GraphSource source, string branch) =>
        (source.Constant($"{branch}.users.weight").Gather(source.Requests.Users) * source.Constant($"{branch}.output.weight"))
            .MatMul(source.Constant($"{branch}.items.weight").Transpose(1, 0)) + source.Constant($"{branch}.output.bias");

    /// <summary>Inner products of <see cref="Weighted"/> with q_i; the bias is what scores have in common.</summary>
    /// <param name="queries">h o p of requests [B, K]: of known users, or whoever is folded in.</param>
    public InnerProduct Products(Func<RequestBatch, Tensor> queries) => new(
        (int)items.Weight.shape[1],
        hasBiases: false,
        requests => Queries.Of(queries(requests), output.Bias.expand(requests.Count)),
        () => ItemTable.Of(items.Weight));
}
