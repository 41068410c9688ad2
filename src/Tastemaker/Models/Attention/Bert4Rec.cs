using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
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

/// <summary>Hyper-parameters of <see cref="Bert4Rec"/>.</summary>
public sealed record Bert4RecOptions : GradientModelOptions
{
    /// <summary>Adam at 0.001. Batches of at most 128 users, fewer where an epoch would have less than 20 updates.</summary>
    public Bert4RecOptions() => (Epochs, BatchSize, LearningRate) = (400, null, 1e-3);

    /// <summary>Length of the vectors of items and places.</summary>
    [Range(1, 4096)]
    [Search(32, 256, Log = true)]
    public int Dimension { get; init; } = 64;

    /// <summary>L: number of encoder layers.</summary>
    [Symbol("L")]
    [Range(1, 16)]
    [Search(1, 3)]
    public int Layers { get; init; } = 2;

    /// <summary>Number of attention heads of a layer; it must divide <see cref="Dimension"/>.</summary>
    [Range(1, 64)]
    public int Heads { get; init; } = 2;

    /// <summary>Number of hidden units of the feed-forward networks. <value>256</value></summary>
    [Range(1, 16_384)]
    public int Inner { get; init; } = 256;

    /// <summary>Length of the longest sequence: the newest items of a history, and in answers the masked place after them. <value>50; the paper has 200 on MovieLens</value></summary>
    [Range(2, 10_000)]
    public int MaxLength { get; init; } = 50;

    /// <summary>rho: probability that a place is masked. <value>0.2; the paper has 0.6 on Amazon Beauty</value></summary>
    [Symbol("rho")]
    [Range(0.01, 1.0)]
    [Search(0.1, 0.7)]
    public double MaskShare { get; init; } = 0.2;

    /// <summary>Fraction of sequences in which only the last place is masked, as in answers.</summary>
    [Range(0.0, 1.0)]
    public double LastShare { get; init; } = 0.1;

    /// <summary>Dropout rate of the input, of attention weights and of the output of each sublayer.</summary>
    [Range(0.0, 0.99)]
    [Search(0.1, 0.6)]
    public double Dropout { get; init; } = 0.2;
}

/// <summary>
/// BERT4Rec: a bidirectional transformer encoder over a history in which some items are masked; it learns the masked items (the Cloze task; section 3.6). The input is the sum of item and position embeddings with LayerNorm; each
/// sublayer is followed by LayerNorm, and activations are GELU. The logits of a masked place are LayerNorm(GELU(h W + b)) E' + b, where E is the item embeddings of the input. To answer a request, a masked place is put after its
/// history. Masks are drawn anew each epoch, where the official code draws ten masked copies of each history beforehand; the official code cuts long histories into windows, here only their newest items are used. BERT4Rec needs many epochs: after a
/// tenth of the published steps its accuracy is far lower (Petrov and Macdonald 2022).
/// </summary>
internal sealed class Bert4Rec : Model
{
    private const int RequestsAtOnce = 256;
    private const double Deviation = 0.02;

    private readonly Bert4RecOptions options;
    private readonly EmbeddingTable items; // the last row is the mask
    private readonly EmbeddingTable places;
    private readonly LayerNorm input;
    private readonly ModuleList<EncoderLayer> layers;
    private readonly Dense head;
    private readonly LayerNorm headNorm;
    private readonly Parameter bias; // [items]

    public Bert4Rec(Bert4RecOptions options, ModelShape shape)
        : base(nameof(Bert4Rec), shape, options)
    {
        if (options.Dimension % options.Heads != 0)
        {
            throw new InputException($"BERT4Rec's heads must divide its dimension; {options.Heads} do not divide {options.Dimension}.");
        }

        this.options = options;
        items = new EmbeddingTable(shape.Items + 1, options.Dimension, Initializers.TruncatedNormal(Deviation)) { AlwaysWhole = true };
        places = new EmbeddingTable(options.MaxLength, options.Dimension, Initializers.TruncatedNormal(Deviation));
        input = nn.LayerNorm(options.Dimension);
        layers = nn.ModuleList([.. Enumerable.Range(0, options.Layers).Select(_ => new EncoderLayer(options))]);
        head = new Dense(options.Dimension, options.Dimension, Initializers.TruncatedNormal(Deviation));
        headNorm = nn.LayerNorm(options.Dimension);
        bias = nn.Parameter(zeros(shape.Items));
        RegisterComponents();
        Scorer = new InnerProduct(options.Dimension, hasBiases: true, requests => Queries.Of(AfterHistories(requests)), () => ItemTable.Of(ItemVectors, bias));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<Bert4RecOptions>((options, shape) => new Bert4Rec(options, shape))
    {
        Id = "bert4rec",
        Name = "BERT4Rec",
        Family = "Attention",
        Summary = "An encoder that tells masked items of a history from those before and after.",
        Paper = "F. Sun, J. Liu, J. Wu, C. Pei, X. Lin, W. Ou and P. Jiang: BERT4Rec: Sequential Recommendation with Bidirectional Encoder Representations from Transformer. CIKM 2019.",
        Answers = Capabilities.Histories,
        ScoresByInnerProduct = true,
        Inputs = [Times.Required],
        Derive = (options, train) => BatchRule.Of(options, train.ByUser, updates: 20, largest: 128),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors => items.Weight.narrow(0, 0, Shape.Items);

    /// <inheritdoc/>
    public override GradientTraining<SequenceBatch> Begin(TrainingSet train, TrainingOptions run) =>
        new(this, options, run, new ClozeSource(train, options.ExamplesPerUpdate, options.MaxLength, options.MaskShare, options.LastShare), Loss);

    /// <summary>The mean cross-entropy of the masked items.</summary>
    public Tensor Loss(SequenceBatch batch) => MultinomialOutput.Loss(Encode(batch, batch.Places), ItemVectors, batch.Targets, bias);

    /// <summary>The output of the head at some places, whose inner products with the vectors of items are scores [P, d].</summary>
    public Tensor Encode(SequenceBatch batch, Tensor at)
    {
        var counted = arange(options.MaxLength - batch.Length, options.MaxLength, int32, batch.Items.device);
        var x = Dropped(input.forward(items.forward(batch.Items) + places.forward(counted).unsqueeze(0)));
        foreach (var layer in layers)
        {
            x = layer.forward(x, batch.IsPadding);
        }

        return headNorm.forward(nn.functional.gelu(head.forward(x.flatten(0, 1).index_select(0, at))));
    }

    private Tensor AfterHistories(RequestBatch requests) => HistoryReader.Read(
        requests,
        options.MaxLength - 1,
        options.Dimension,
        RequestsAtOnce,
        bias.device,
        batch => Encode(batch, (arange(1, batch.Count + 1, int64, bias.device) * batch.Length) - 1),
        following: Shape.Items);

    private Tensor Dropped(Tensor x) => nn.functional.dropout(x, options.Dropout, training);
}

/// <summary>Self-attention to all places, then a feed-forward network; each has a residual connection and LayerNorm after it.</summary>
internal sealed class EncoderLayer : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly SelfAttention attention;
    private readonly Dense joined;
    private readonly LayerNorm afterAttention;
    private readonly Dense inner;
    private readonly Dense outer;
    private readonly LayerNorm afterNetwork;
    private readonly double dropout;

    public EncoderLayer(Bert4RecOptions options)
        : base(nameof(EncoderLayer))
    {
        dropout = options.Dropout;
        attention = new SelfAttention(options.Dimension, options.Heads, dropout, looksAhead: true);
        joined = new Dense(options.Dimension, options.Dimension, Initializers.GlorotUniform);
        afterAttention = nn.LayerNorm(options.Dimension);
        inner = new Dense(options.Dimension, options.Inner, Initializers.GlorotUniform);
        outer = new Dense(options.Inner, options.Dimension, Initializers.GlorotUniform);
        afterNetwork = nn.LayerNorm(options.Dimension);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x, Tensor isPadding) // [B, L, d], [B, L] -> [B, L, d]
    {
        x = afterAttention.forward(x + Dropped(joined.forward(attention.forward(x, isPadding))));
        return afterNetwork.forward(x + Dropped(outer.forward(nn.functional.gelu(inner.forward(x)))));
    }

    private Tensor Dropped(Tensor x) => nn.functional.dropout(x, dropout, training);
}
