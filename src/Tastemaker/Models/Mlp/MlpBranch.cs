using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>
/// A multi-layer perceptron on [p_u ; q_i] (user first), ReLU after every hidden layer and a linear output: eq. 10 of He et al. 2017 before the
/// sigmoid. Without hidden layers ("MLP-0") it is a user term plus an item term.
/// </summary>
internal sealed class MlpBranch : nn.Module
{
    private readonly int dimension;
    private readonly EmbeddingTable users; // fields, because state_dict names parameters by their fields
    private readonly EmbeddingTable items;
    private readonly Tower hidden;
    private readonly Dense output;
    private Prepared? prepared;

    /// <summary>Tables drawn from N(0, 0.01^2), hidden layers Glorot uniform, output LeCun uniform, biases 0 (official code).</summary>
    public MlpBranch(int userCount, int itemCount, int dimension, IReadOnlyList<int> widths)
        : base(nameof(MlpBranch))
    {
        this.dimension = dimension;
        users = new EmbeddingTable(userCount, dimension, Initializers.Normal(0.01));
        items = new EmbeddingTable(itemCount, dimension, Initializers.Normal(0.01));
        hidden = new Tower(2 * dimension, widths, x => x.relu(), activatesLast: true, Initializers.GlorotUniform);
        output = new Dense(widths.Count == 0 ? 2 * dimension : widths[^1], 1, Initializers.LecunUniform);
        RegisterComponents();
    }

    /// <summary>P [users, E].</summary>
    public EmbeddingTable Users => users;

    /// <summary>Q [items, E].</summary>
    public EmbeddingTable Items => items;

    /// <summary>h and the bias.</summary>
    public Dense Output => output;

    /// <summary>Logits of pairs: ids [B] and [B] to [B].</summary>
    public Tensor Logits(Tensor userIds, Tensor itemIds) =>
        output.forward(hidden.forward(cat([users.forward(userIds), items.forward(itemIds)], 1))).squeeze(1);

    /// <summary>Logits of users over parts of the catalog, after <see cref="Prepare"/>.</summary>
    public IPartialScores Begin(ReadOnlySpan<int> userIds)
    {
        var (userLayer, itemLayer, rest) = prepared!;
        var vectors = users.Weight.index_select(0, tensor(userIds.ToArray(), device: users.Weight.device)).ToValues<float>(); // [B, E]
        var first = new float[userIds.Length * userLayer.Count]; // [B, W]
        FullCatalogScoring.Fill(new CatalogProducts(userLayer, vectors, new float[userIds.Length]), userIds.Length, userLayer.Count, first);
        return rest.Length > 0
            ? new MlpScores(itemLayer, first, rest)
            : new CatalogProducts(itemLayer, [.. Enumerable.Repeat(1f, first.Length)], first); // a user term plus an item term
    }

    /// <summary>
    /// Computes what scoring reads: the first layer is linear in user and item, so its two halves are computed once an entity and a pair costs one addition there.
    /// </summary>
    public void Prepare()
    {
        using var scope = NewDisposeScope();
        var first = hidden.Layers.Count == 0 ? output : hidden.Layers[0];
        var (userHalf, itemHalf) = (first.Weight.narrow(1, 0, dimension).contiguous(), first.Weight.narrow(1, dimension, dimension).contiguous());
        var itemWeights = new PackedRows(itemHalf.ToValues<float>(), dimension, []); // [W, E]
        var (count, width) = ((int)items.Rows, itemWeights.Count);
        var itemLayer = new float[checked(count * width)];
        FullCatalogScoring.Fill(new CatalogProducts(itemWeights, items.Weight.ToValues<float>(), new float[count]), count, width, itemLayer);
        var rest = hidden.Layers.Skip(1).Append(output).Select(MlpLayer.Of);
        prepared = new Prepared(
            new PackedRows(userHalf.ToValues<float>(), dimension, first.Bias.ToValues<float>()),
            new PackedRows(itemLayer, width, []),
            hidden.Layers.Count == 0 ? [] : [.. rest]);
    }

    private sealed record Prepared(PackedRows UserLayer, PackedRows ItemLayer, MlpLayer[] Rest);
}
