using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Recommending;
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
    // Floats of one block of pairs in catalog scoring: 16 MiB a buffer, of which three or four live at a time.
    private const int BlockFloats = 4 << 20;

    private readonly int dimension;
    private readonly EmbeddingTable users; // fields, because state_dict names parameters by their fields
    private readonly EmbeddingTable items;
    private readonly Tower hidden;
    private readonly Dense output;
    private Lazy<Prepared> prepared;

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
        prepared = new(Prepare);
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

    /// <summary>Also forgets what scoring has prepared: weights may change, or have changed, in training.</summary>
    public override void train(bool on = true)
    {
        base.train(on);
        prepared = new(Prepare);
    }

    /// <summary>Logits of users over parts of the catalog; null where the weights are not in the processor's memory.</summary>
    public IPartialScores? Begin(ReadOnlySpan<int> userIds)
    {
        if (output.Weight.device_type != DeviceType.CPU)
        {
            return null;
        }

        var (userLayer, itemLayer, rest) = prepared.Value;
        var vectors = users.Weight.index_select(0, tensor(userIds.ToArray())).ToValues<float>(); // [B, E]
        var first = new float[userIds.Length * userLayer.Count]; // [B, W]
        WholeCatalog.Fill(new CatalogProducts(userLayer, vectors, new float[userIds.Length]), userIds.Length, userLayer.Count, first);
        return rest.Length > 0
            ? new MlpScores(itemLayer, first, rest)
            : new CatalogProducts(itemLayer, [.. Enumerable.Repeat(1f, first.Length)], first); // a user term plus an item term
    }

    /// <summary>
    /// Logits of the catalog for users: [B] to [B, items]. The first layer is linear in user and item, so its two halves are computed once an
    /// entity and a pair costs one addition there.
    /// </summary>
    public Tensor CatalogLogits(Tensor userIds)
    {
        var first = hidden.Layers.Count == 0 ? output : hidden.Layers[0];
        var userPart = nn.functional.linear(users.forward(userIds), first.Weight.narrow(1, 0, dimension), first.Bias); // [B, W]
        var itemPart = items.Weight.matmul(first.Weight.narrow(1, dimension, dimension).t()); // [items, W]
        return hidden.Layers.Count == 0 ? userPart + itemPart.t() : PairLogits(userPart, itemPart);
    }

    // Both halves of the first layer as rows to multiply vectors with, the items' half already multiplied, and the other layers.
    private Prepared Prepare()
    {
        using var scope = NewDisposeScope();
        var first = hidden.Layers.Count == 0 ? output : hidden.Layers[0];
        var (userHalf, itemHalf) = (first.Weight.narrow(1, 0, dimension).contiguous(), first.Weight.narrow(1, dimension, dimension).contiguous());
        var itemWeights = new PackedRows(itemHalf.ToValues<float>(), dimension, []); // [W, E]
        var (count, width) = ((int)items.Rows, itemWeights.Count);
        var itemLayer = new float[checked(count * width)];
        WholeCatalog.Fill(new CatalogProducts(itemWeights, items.Weight.ToValues<float>(), new float[count]), count, width, itemLayer);
        var rest = hidden.Layers.Skip(1).Append(output).Select(MlpLayer.Of);
        return new Prepared(
            new PackedRows(userHalf.ToValues<float>(), dimension, first.Bias.ToValues<float>()),
            new PackedRows(itemLayer, width, []),
            hidden.Layers.Count == 0 ? [] : [.. rest]);
    }

    private Tensor PairLogits(Tensor userPart, Tensor itemPart)
    {
        var (userCount, itemCount, width) = (userPart.shape[0], itemPart.shape[0], userPart.shape[1]);
        var itemBlock = Math.Min(itemCount, Math.Max(1, BlockFloats / width));
        var userBlock = Math.Clamp(BlockFloats / width / itemBlock, 1, userCount);
        var logits = empty(userCount, itemCount, device: userPart.device);
        for (long user = 0; user < userCount; user += userBlock)
        {
            for (long item = 0; item < itemCount; item += itemBlock)
            {
                using var scope = NewDisposeScope();
                var target = logits.narrow(0, user, Math.Min(userBlock, userCount - user)).narrow(1, item, Math.Min(itemBlock, itemCount - item));
                var left = userPart.narrow(0, user, target.shape[0]).unsqueeze(1);
                var right = itemPart.narrow(0, item, target.shape[1]).unsqueeze(0);
                target.copy_(output.forward(hidden.From(1, (left + right).relu_())).squeeze(2)); // [users, items, W] -> [users, items]
            }
        }

        return logits;
    }

    private sealed record Prepared(PackedRows UserLayer, PackedRows ItemLayer, MlpLayer[] Rest);
}
