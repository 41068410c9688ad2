using Tastemaker.Data;
using Tastemaker.Nn;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>Generalised matrix factorisation: h . (p_u o q_i), eq. 9 of He et al. 2017 before the sigmoid, with the official code's bias.</summary>
internal sealed class GmfBranch : nn.Module
{
    private readonly EmbeddingTable users; // fields, because state_dict names parameters by their fields
    private readonly EmbeddingTable items;
    private readonly Dense output;

    /// <summary>Tables of <paramref name="factors"/> numbers a user and item, drawn from N(0, 0.01^2); h is LeCun uniform (official code).</summary>
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

    /// <summary>Inner products of <see cref="Weighted"/> with q_i; the bias is what scores have in common.</summary>
    /// <param name="queries">h o p of requests [B, K]: of known users, or whoever is folded in.</param>
    public InnerProduct Products(Func<RequestBatch, Tensor> queries) => new(
        (int)items.Weight.shape[1],
        hasBiases: false,
        requests => Queries.Of(queries(requests), output.Bias.expand(requests.Count)),
        () => ItemTable.Of(items.Weight));
}
