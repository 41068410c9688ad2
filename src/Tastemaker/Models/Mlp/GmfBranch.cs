using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>Generalised matrix factorisation: h . (p_u o q_i), eq. 9 of He et al. 2017 before the sigmoid, with the official code's bias.</summary>
internal sealed class GmfBranch : nn.Module
{
    private readonly EmbeddingTable users; // fields, because state_dict names parameters by their fields
    private readonly EmbeddingTable items;
    private readonly Dense output;
    private readonly CatalogLayer catalog;

    /// <summary>Tables of <paramref name="factors"/> numbers a user and item, drawn from N(0, 0.01^2); h is LeCun uniform (official code).</summary>
    public GmfBranch(int userCount, int itemCount, int factors)
        : base(nameof(GmfBranch))
    {
        users = new EmbeddingTable(userCount, factors, Initializers.Normal(0.01));
        items = new EmbeddingTable(itemCount, factors, Initializers.Normal(0.01));
        output = new Dense(factors, 1, Initializers.LecunUniform);
        RegisterComponents();
        catalog = new CatalogLayer(() => items.Weight);
    }

    /// <summary>P [users, K].</summary>
    public EmbeddingTable Users => users;

    /// <summary>Q [items, K].</summary>
    public EmbeddingTable Items => items;

    /// <summary>h and the bias.</summary>
    public Dense Output => output;

    /// <summary>Logits of pairs: ids [B] and [B] to [B].</summary>
    public Tensor Logits(Tensor userIds, Tensor itemIds) => output.forward(users.forward(userIds) * items.forward(itemIds)).squeeze(1);

    /// <summary>Logits of the catalog for users: [B] to [B, items]. One matrix product, h folded into the users.</summary>
    public Tensor CatalogLogits(Tensor userIds) => (users.forward(userIds) * output.Weight).matmul(items.Weight.t()) + output.Bias;

    /// <summary>The same over parts of the catalog; null where the weights are not in the processor's memory.</summary>
    public IPartialScores? Begin(ReadOnlySpan<int> userIds) => Begin(Weighted(userIds));

    /// <summary>The same for vectors h o p [B, K].</summary>
    public IPartialScores? Begin(Tensor weighted) => output.Weight.device_type != DeviceType.CPU
        ? null
        : catalog.Begin(weighted.ToValues<float>(), output.Bias.item<float>());

    /// <summary>Users with h folded in, h o p_u [B, K].</summary>
    public Tensor Weighted(ReadOnlySpan<int> userIds) =>
        users.Weight.index_select(0, tensor(userIds.ToArray(), device: users.Weight.device)) * output.Weight;

    /// <summary>Also forgets what scoring has prepared: weights may change, or have changed, in training.</summary>
    public override void train(bool on = true)
    {
        base.train(on);
        catalog.Forget();
    }
}
