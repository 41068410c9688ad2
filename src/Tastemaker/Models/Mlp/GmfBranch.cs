using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>Generalised matrix factorisation: h . (p_u o q_i), eq. 9 of He et al. 2017 before the sigmoid, with the official code's bias.</summary>
internal sealed class GmfBranch : nn.Module
{
    /// <summary>Tables of <paramref name="factors"/> numbers a user and item, drawn from N(0, 0.01^2); h is LeCun uniform (official code).</summary>
    public GmfBranch(int users, int items, int factors)
        : base(nameof(GmfBranch))
    {
        Users = new EmbeddingTable(users, factors, Initializers.Normal(0.01));
        Items = new EmbeddingTable(items, factors, Initializers.Normal(0.01));
        Output = new Dense(factors, 1, Initializers.LecunUniform);
        RegisterComponents();
    }

    /// <summary>P [users, K].</summary>
    public EmbeddingTable Users { get; }

    /// <summary>Q [items, K].</summary>
    public EmbeddingTable Items { get; }

    /// <summary>h and the bias.</summary>
    public Dense Output { get; }

    /// <summary>Logits of pairs: ids [B] and [B] to [B].</summary>
    public Tensor Logits(Tensor users, Tensor items) => Output.forward(Users.forward(users) * Items.forward(items)).squeeze(1);

    /// <summary>Logits of the catalog for users: [B] to [B, items]. One matrix product, h folded into the users.</summary>
    public Tensor CatalogLogits(Tensor users) => (Users.forward(users) * Output.Weight).matmul(Items.Weight.t()) + Output.Bias;
}
