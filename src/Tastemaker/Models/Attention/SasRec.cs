using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Attention;

/// <summary>What SASRec minimizes at every place of a sequence.</summary>
public enum SasRecLoss
{
    /// <summary>Softmax cross-entropy of the next item among all items, or among it and drawn ones (Klenitskiy and Vasilev 2023).</summary>
    CrossEntropy,

    /// <summary>Binary cross-entropy of the next item and of one that the user never has: the paper's, equation 7.</summary>
    Binary,
}

/// <summary>Hyper-parameters of <see cref="SasRec"/>.</summary>
public sealed record SasRecOptions : GradientModelOptions
{
    /// <summary>Adam at 0.001, batches such that an epoch has 20 updates or more, of 128 users at most.</summary>
    public SasRecOptions() => (Epochs, BatchSize, LearningRate) = (200, null, 1e-3);

    /// <summary>d: length of the vectors of items and places. <value>64; the paper has 50</value></summary>
    [Symbol("d")]
    [Range(1, 4096)]
    [Search(32, 256, Log = true)]
    public int Dimension { get; init; } = 64;

    /// <summary>Blocks of self-attention and feed-forward network.</summary>
    [Range(0, 16)]
    [Search(1, 3)]
    public int Blocks { get; init; } = 2;

    /// <summary>Heads of a block, of which each sees a part of the vectors; they must divide <see cref="Dimension"/>.</summary>
    [Range(1, 64)]
    public int Heads { get; init; } = 1;

    /// <summary>n: items of a history that are read, the newest. <value>50; the paper has 200 on MovieLens-1M</value></summary>
    [Symbol("n")]
    [Range(1, 10_000)]
    public int MaxLength { get; init; } = 50;

    /// <summary>Dropout of the input, of attention weights and in feed-forward networks. <value>0.3; the paper has 0.5 on sparse data and 0.2 on MovieLens-1M</value></summary>
    [Range(0.0, 0.99)]
    [Search(0.1, 0.6)]
    public double Dropout { get; init; } = 0.3;

    /// <summary>What is minimized. <value>cross-entropy; the paper's is binary</value></summary>
    [SearchChoices("cross-entropy", "binary")]
    public SasRecLoss Loss { get; init; } = SasRecLoss.CrossEntropy;

    /// <summary>Items drawn per batch that cross-entropy compares the next item with; 0 for all items. <value>all items where these are 20,000 at most, else 3000</value></summary>
    [Range(0, 1_000_000)]
    [OnlyWith("loss", "cross-entropy")]
    public int? Samples { get; init; }
}

/// <summary>
/// SASRec: causal self-attention over the newest items of a history, whose last place is compared with the vectors of items. Input: sqrt(d) E[s] + P (equation 1; the factor is the official
/// code's), P counted from the newest place; blocks x + Dropout(f(LayerNorm(x))) for attention (equation 3) and the feed-forward network ReLU(x W1 + b1) W2 + b2 (equation 5), as section III.D
/// has them (in the official code keys and values are not normalized, and what is normalized is what is added to); LayerNorm at the end, as in that code; scores by the table of the input (equation 6).
/// </summary>
internal sealed class SasRec : Model
{
    private const int LargestCatalog = 20_000; // up to it the loss compares with all items
    private const int RequestsAtOnce = 256;

    private readonly SasRecOptions options;
    private readonly EmbeddingTable items;
    private readonly EmbeddingTable places;
    private readonly ModuleList<AttentionBlock> blocks;
    private readonly LayerNorm norm;

    public SasRec(SasRecOptions options, ModelShape shape)
        : base(nameof(SasRec), shape, options)
    {
        if (options.Dimension % options.Heads != 0)
        {
            throw new InputException($"SASRec's heads must divide its dimension; {options.Heads} do not divide {options.Dimension}.");
        }

        this.options = options;
        items = new EmbeddingTable(shape.Items, options.Dimension, Initializers.GlorotNormal) { AlwaysWhole = true };
        places = new EmbeddingTable(options.MaxLength, options.Dimension, Initializers.GlorotNormal);
        blocks = nn.ModuleList(Enumerable.Range(0, options.Blocks).Select(_ => new AttentionBlock(options.Dimension, options.Heads, options.Dropout)).ToArray());
        norm = nn.LayerNorm(options.Dimension, eps: AttentionBlock.Epsilon);
        RegisterComponents();
        Scorer = new InnerProduct(options.Dimension, hasBiases: false, requests => Queries.Of(LastStates(requests)), () => ItemTable.Of(items.Weight));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<SasRecOptions>((options, shape) => new SasRec(options, shape))
    {
        Id = "sasrec",
        Name = "SASRec",
        Family = "Attention",
        Summary = "Self-attention over a user's newest items that predicts the next one.",
        Paper = "W.-C. Kang and J. McAuley: Self-Attentive Sequential Recommendation. ICDM 2018.",
        Answers = Capabilities.Histories,
        ScoresByInnerProduct = true,
        Inputs = [Times.Required],
        Graph = new(Export, ReadsHistories: true),
        Derive = (options, train) => BatchRule.Of(options, train.ByUser, updates: 20, largest: 128) with { Samples = options.Samples >= train.ItemCount ? 0 : options.Samples ?? (train.ItemCount > LargestCatalog ? 3000 : 0) },
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    // The newest entries of the histories through the blocks; the state at the newest place times the vectors of items.
    private static GraphValue Export(GraphSource source)
    {
        var (graph, options) = (source.Graph, source.Options<SasRecOptions>());
        var (window, counted) = source.Requests.Newest(options.MaxLength); // [B, W], [W]
        source.Breadth = Math.Max(1, options.MaxLength * ((options.Heads * options.MaxLength) + (4 * options.Dimension)) / source.Items);
        var isItem = window.Less(graph.Scalar((long)source.Items)); // [B, W]
        var mask = isItem.ToFloat().Unsqueeze(2);
        var visible = AttentionBlock.ExportVisible(isItem, counted);
        var x = ((source.WithNobody("items.weight").Gather(window) * graph.Scalar(MathF.Sqrt(options.Dimension))) + source.Constant("places.weight").Gather(counted)) * mask; // [B, W, d]
        for (var block = 0; block < options.Blocks; block++)
        {
            x = AttentionBlock.Export(source, x, visible, $"blocks.{block}", options.Heads) * mask;
        }

        var last = (AttentionBlock.ExportNorm(source, x, "norm") * mask).Gather(graph.Constant([-1L], 1), axis: 1).Squeeze(1); // [B, d]
        return last.MatMul(source.Constant("items.weight").Transpose(1, 0));
    }

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor? ItemVectors => items.Weight;

    /// <inheritdoc/>
    public override GradientTraining<SequenceBatch> Begin(TrainingSet train, TrainingOptions run) => new(
        this, options, run, new SequenceSource(train, options.ExamplesPerUpdate, options.MaxLength, options.Loss is SasRecLoss.Binary ? null : options.Samples ?? 0), Loss);

    /// <summary>The loss of a batch: the mean over the places that have a next item.</summary>
    public Tensor Loss(SequenceBatch batch)
    {
        var states = States(batch).view(-1, options.Dimension).index_select(0, batch.Places); // [P, d]
        if (options.Loss is SasRecLoss.Binary)
        {
            var (right, wrong) = ((states * items.forward(batch.Targets)).sum(1), (states * items.forward(batch.Negatives)).sum(1));
            return (nn.functional.softplus(-right) + nn.functional.softplus(wrong)).mean();
        }

        return batch.Negatives.shape[0] == 0
            ? MultinomialOutput.Loss(states, items.Weight, batch.Targets)
            : Losses.SampledSoftmax((states * items.forward(batch.Targets)).sum(1), states.matmul(items.forward(batch.Negatives).t()), batch.Targets, batch.Negatives);
    }

    /// <summary>The states of all places [B, L, d]; 0 at padding.</summary>
    public Tensor States(SequenceBatch batch)
    {
        var isItem = batch.IsPadding.logical_not().unsqueeze(2);
        var counted = arange(options.MaxLength - batch.Length, options.MaxLength, int32, batch.Items.device);
        var x = (Math.Sqrt(options.Dimension) * items.forward(batch.Items)) + places.forward(counted).unsqueeze(0);
        x = nn.functional.dropout(x, options.Dropout, training) * isItem;
        foreach (var block in blocks)
        {
            x = block.forward(x, batch.IsPadding) * isItem;
        }

        return norm.forward(x) * isItem;
    }

    /// <summary>The state after each request's history [requests, d]; 0 without a history.</summary>
    private Tensor LastStates(RequestBatch requests) =>
        HistoryReader.Read(requests, options.MaxLength, options.Dimension, RequestsAtOnce, items.Weight.device, batch => States(batch).select(1, batch.Length - 1));
}

/// <summary>Attention, then a feed-forward network at each place, each added to what it reads (Kang and McAuley 2018, section III.B to III.D).</summary>
internal sealed class AttentionBlock : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Added to the variance in layer normalization.</summary>
    public const double Epsilon = 1e-8;

    private readonly LayerNorm beforeAttention;
    private readonly SelfAttention attention;
    private readonly LayerNorm beforeNetwork;
    private readonly Dense inner;
    private readonly Dense outer;
    private readonly double dropout;

    /// <summary>A block.</summary>
    public AttentionBlock(int dimension, int heads, double dropout)
        : base(nameof(AttentionBlock))
    {
        this.dropout = dropout;
        beforeAttention = nn.LayerNorm(dimension, eps: Epsilon);
        attention = new SelfAttention(dimension, heads, dropout);
        beforeNetwork = nn.LayerNorm(dimension, eps: Epsilon);
        inner = new Dense(dimension, dimension, Initializers.GlorotUniform);
        outer = new Dense(dimension, dimension, Initializers.GlorotUniform);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x, Tensor isPadding) // [B, L, d], [B, L] -> [B, L, d]
    {
        x += Dropped(attention.forward(beforeAttention.forward(x), isPadding));
        return x + Dropped(outer.forward(Dropped(nn.functional.relu(inner.forward(beforeNetwork.forward(x))))));
    }

    /// <summary>The block that is saved under a name, in a graph: of x [B, W, d] and what each place attends to.</summary>
    public static GraphValue Export(GraphSource source, GraphValue x, GraphValue visible, string name, int heads)
    {
        x += ExportAttention(source, ExportNorm(source, x, $"{name}.beforeAttention"), visible, $"{name}.attention", heads);
        return x + source.Dense(source.Dense(ExportNorm(source, x, $"{name}.beforeNetwork"), $"{name}.inner").Relu(), $"{name}.outer");
    }

    /// <summary>Layer normalization that is saved under a name, in a graph.</summary>
    public static GraphValue ExportNorm(GraphSource source, GraphValue x, string name) => x.LayerNorm(source.Constant($"{name}.weight"), source.Constant($"{name}.bias"), (float)Epsilon);

    /// <summary>Which places (last axis) each place attends to, in a graph: itself, and items before it [B, 1, W, W].</summary>
    public static GraphValue ExportVisible(GraphValue isItem, GraphValue places)
    {
        var (of, other) = (places.Unsqueeze(1), places.Unsqueeze(0));
        return isItem.Unsqueeze(1).And(other.Less(of)).Or(other.EqualTo(of)).Unsqueeze(1);
    }

    private static GraphValue ExportAttention(GraphSource source, GraphValue x, GraphValue visible, string name, int heads)
    {
        var dimension = (int)source.ShapeOf($"{name}.queries.weight")[0];
        GraphValue Heads(string layer) => source.Dense(x, $"{name}.{layer}").Reshape(0, 0, heads, dimension / heads).Transpose(0, 2, 1, 3); // [B, h, W, d / h]
        var logits = Heads("queries").MatMul(Heads("keys").Transpose(0, 1, 3, 2)) / source.Graph.Scalar(MathF.Sqrt(dimension / heads));
        var attention = visible.Choose(logits, source.Graph.Scalar(float.NegativeInfinity)).Softmax();
        return attention.MatMul(Heads("values")).Transpose(0, 2, 1, 3).Reshape(0, 0, dimension);
    }

    private Tensor Dropped(Tensor x) => nn.functional.dropout(x, dropout, training);
}
