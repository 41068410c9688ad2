using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Models.Mlp;

/// <summary>
/// Hyper-parameters of the MLP of NCF. For K predictive factors the hidden layers are 4K, 2K and K wide; embeddings have 2K numbers in the paper
/// and 4K in the official code, whose <c>layers</c> starts with the width of the two together.
/// </summary>
public sealed record NcfMlpOptions : NcfOptions
{
    /// <summary>Values per user and item. <value>64</value></summary>
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
    public static SystemInfo Info { get; } = Entry<NcfMlpOptions>("mlp", "MLP", "A multi-layer perceptron on the vectors of user and item.", (options, shape) => new NcfMlp(options, shape), new(source => MlpBranch.Export(source, "branch")));

    /// <inheritdoc/>
    public override Tensor? ItemVectors => branch.Items.Weight;

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor users, Tensor items) => branch.Logits(users, items);

    /// <inheritdoc/>
    public override Scorer Scorer => field ??= new BlockScorer(Shape.Items, requests => branch.Begin(requests.Users));

    /// <inheritdoc/>
    protected override void Prepare() => branch.Prepare();
}

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
        var itemWeights = new PackedVectors(itemHalf.ToValues<float>(), dimension, []); // [W, E]
        var (count, width) = ((int)items.Rows, itemWeights.Count);
        var itemLayer = new float[checked(count * width)];
        FullCatalogScoring.Fill(new CatalogProducts(itemWeights, items.Weight.ToValues<float>(), new float[count]), count, width, itemLayer);
        var rest = hidden.Layers.Skip(1).Append(output).Select(MlpLayer.Of);
        prepared = new Prepared(
            new PackedVectors(userHalf.ToValues<float>(), dimension, first.Bias.ToValues<float>()),
            new PackedVectors(itemLayer, width, []),
            hidden.Layers.Count == 0 ? [] : [.. rest]);
    }

    /// <summary>The logits of a branch that is saved under a name, in a graph: of the linear first layer a part per user and per item, and their sum [batch, items, W].</summary>
    public static GraphValue Export(GraphSource source, string branch)
    {
        var hidden = source.Has($"{branch}.hidden.layers.0.weight");
        var first = hidden ? $"{branch}.hidden.layers.0" : $"{branch}.output";
        var (weight, half, width) = (source.Constant($"{first}.weight"), source.ShapeOf($"{first}.weight")[1] / 2, source.ShapeOf($"{first}.weight")[0]);
        var users = source.Constant($"{branch}.users.weight").Gather(source.Requests.Users).MatMul(weight.Slice(1, 0, half).Transpose(1, 0)) + source.Constant($"{first}.bias");
        var items = source.Constant($"{branch}.items.weight").MatMul(weight.Slice(1, half, 2 * half).Transpose(1, 0));
        if (!hidden)
        {
            return users + items.Transpose(1, 0);
        }

        source.Breadth = Math.Max(source.Breadth, 2 * (int)width);
        var layer = source.Tower((users.Unsqueeze(1) + items.Unsqueeze(0)).Relu(), $"{branch}.hidden", x => x.Relu(), activatesLast: true, first: 1);
        return source.Dense(layer, $"{branch}.output").Squeeze(2);
    }

    private sealed record Prepared(PackedVectors UserLayer, PackedVectors ItemLayer, MlpLayer[] Rest);
}

/// <summary>A dense layer's weights for scoring.</summary>
/// <param name="Weights">W [outputs, inputs].</param>
/// <param name="Biases">b [outputs].</param>
internal sealed record MlpLayer(float[] Weights, float[] Biases)
{
    /// <summary>Numbers out.</summary>
    public int Outputs => Biases.Length;

    /// <summary>A copy of a layer that lives on the CPU.</summary>
    public static MlpLayer Of(Dense layer) => new(layer.Weight.ToValues<float>(), layer.Bias.ToValues<float>());
}

/// <summary>
/// Scores of a perceptron on pairs. 64 items of a user go through all layers together, each layer's outputs side by side in cache: the weights of a
/// layer are the queries, and the layer before is the panel, of <see cref="PanelKernel"/>. Nothing is as large as a batch of pairs.
/// </summary>
/// <param name="items">First layer of the items [items, W], and no biases.</param>
/// <param name="users">First layer of the requests, bias included [requests, W].</param>
/// <param name="layers">The layers after the first; the last has one output and no rectifier.</param>
internal sealed unsafe class MlpScores(PackedVectors items, float[] users, IReadOnlyList<MlpLayer> layers) : IPartialScores
{
    private const int Panel = PanelKernel.Rows;
    private const nuint CacheLine = 64;

    private readonly int widest = Math.Max(items.Dimension, layers.Max(layer => layer.Outputs));

    /// <inheritdoc/>
    public void Fill(Range requests, int first, int count, Span<float> scores, int stride)
    {
        var (start, length) = requests.GetOffsetAndLength(users.Length / items.Dimension);
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)(widest + widest + 1) * Panel * sizeof(float), CacheLine);
        try
        {
            var (one, other, zeros) = ((nint)memory, (nint)(memory + (widest * Panel)), (nint)(memory + (2 * widest * Panel)));
            new Span<float>((float*)zeros, Panel).Clear();
            for (var item = 0; item < count; item += Panel)
            {
                var panel = items.PanelAt((first + item) / Panel);
                for (var request = 0; request < length; request++)
                {
                    AddFirstLayer(users.AsSpan((start + request) * items.Dimension, items.Dimension), panel, (float*)one);
                    var logits = RunLayers((float*)one, (float*)other, (float*)zeros);
                    new Span<float>(logits, Math.Min(Panel, count - item)).CopyTo(scores[((request * stride) + item)..]);
                }
            }
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    // relu(user + item), for the 64 items of a panel.
    private static void AddFirstLayer(ReadOnlySpan<float> user, float* panel, float* outputs)
    {
        for (var k = 0; k < user.Length; k++)
        {
            var x = Vector512.Create(user[k]);
            for (var item = 0; item < Panel; item += Vector512<float>.Count)
            {
                Vector512.MaxNative(Vector512<float>.Zero, x + Vector512.Load(panel + item)).Store(outputs + item);
            }

            panel += Panel;
            outputs += Panel;
        }
    }

    private float* RunLayers(float* inputs, float* outputs, float* zeros)
    {
        for (var index = 0; index < layers.Count; index++)
        {
            var layer = layers[index];
            fixed (float* weights = layer.Weights, biases = layer.Biases)
            {
                PanelKernel.Multiply(
                    weights, layer.Outputs, layer.Weights.Length / layer.Outputs, inputs, zeros, biases,
                    index == layers.Count - 1 ? float.NegativeInfinity : 0, outputs, Panel);
            }

            var free = inputs;
            inputs = outputs;
            outputs = free;
        }

        return inputs;
    }
}
