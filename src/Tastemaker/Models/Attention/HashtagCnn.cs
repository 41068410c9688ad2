using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Attention;

/// <summary>How the local channel keeps the words whose score exceeds the threshold.</summary>
public enum TriggerGate
{
    /// <summary>A word counts by how far its score exceeds the threshold, as in public code. Learns by ordinary gradients.</summary>
    Excess,

    /// <summary>A word counts 1 or 0, as the paper writes it; the gradient is that of a sigmoid.</summary>
    StraightThrough,

    /// <summary>A word counts the sigmoid of ten times the excess.</summary>
    Soft,
}

/// <summary>Which channels of <see cref="HashtagCnn"/> are read.</summary>
public enum HashtagChannels
{
    /// <summary>Both.</summary>
    Both,

    /// <summary>The convolutions over the whole text.</summary>
    Global,

    /// <summary>The trigger words that attention chooses.</summary>
    Local,
}

/// <summary>Hyper-parameters of <see cref="HashtagCnn"/>.</summary>
public sealed record HashtagCnnOptions : TextOptions
{
    /// <summary>AdaDelta as in the paper, with batches of at most 200 pairs, fewer where an epoch would have less than 50 updates.</summary>
    public HashtagCnnOptions() => (Epochs, BatchSize, Optimizer, LearningRate) = (50, null, OptimizerKind.AdaDelta, 1);

    /// <summary>Words of a text at most.</summary>
    [Range(1, 10_000)]
    public int TextWords { get; init; } = 200;

    /// <summary>Widths of the filters of the global channel.</summary>
    public IReadOnlyList<int> Windows { get; init; } = [1, 2, 3];

    /// <summary>Filters of each width.</summary>
    [Range(1, 4096)]
    [Search(50, 200, Log = true)]
    public int FilterCount { get; init; } = 100;

    /// <summary>h: words around a word that decide whether it is a trigger; odd.</summary>
    [Symbol("h")]
    [Range(1, 51)]
    public int AttentionWindow { get; init; } = 5;

    /// <summary>delta: the threshold lies at this share of the way from the highest score of the text to the lowest.</summary>
    [Symbol("delta")]
    [Range(0.0, 1.0)]
    [Search(0.2, 1.0)]
    public double Threshold { get; init; } = 0.8;

    /// <summary>How words above the threshold are kept. <value>excess; the paper's formula is straight-through, whose gradient it does not define</value></summary>
    [SearchChoices("excess", "straight-through", "soft")]
    public TriggerGate Gate { get; init; } = TriggerGate.Excess;

    /// <summary>r: width of the local channel. <value>100; the paper does not tell it</value></summary>
    [Range(1, 4096)]
    public int LocalDimension { get; init; } = 100;

    /// <summary>Width of the layer that joins the channels, and length of the vectors of hashtags. <value>200; the paper does not tell it</value></summary>
    [Range(1, 4096)]
    [Search(100, 400, Log = true)]
    public int Dimension { get; init; } = 200;

    /// <summary>Dropout rate of the joined vector. <value>0.5; the paper does not mention dropout</value></summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.7)]
    public double Dropout { get; init; } = 0.5;

    /// <summary>The channels that are read.</summary>
    public HashtagChannels Channels { get; init; } = HashtagChannels.Both;
}

/// <summary>
/// Hashtags of a post. The local channel scores each word by its neighborhood, s_i = tanh(M_a . w_{i-2..i+2} + b_a), keeps the words above the threshold eta = delta min(s) + (1 - delta) max(s) of the same text and folds their sum:
/// tanh(M_f' f + b_f). The global channel has the maximum over the text of filters of 1, 2 and 3 words. A layer joins both, and a softmax ranks all hashtags; every pair of post and hashtag has a term of the loss. The threshold is a
/// constant in the backward pass. Where all words have the same score, all are kept. The paper compares w_i with eta, a misprint for s_i.
/// </summary>
internal sealed class HashtagCnn : Model
{
    private const int TextsAtOnce = 256;
    private const double Steepness = 10;

    private readonly HashtagCnnOptions options;
    private readonly EntityTexts texts;
    private readonly EmbeddingTable words; // the last two rows stand before the first word and after the last
    private readonly ModuleList<RowFilters> filters;
    private readonly Parameter globalBias;
    private readonly RowFilters attention;
    private readonly Dense fold;
    private readonly Dense joined;
    private readonly EmbeddingTable tags;

    /// <summary>A model.</summary>
    /// <exception cref="InputException">The options do not fit each other.</exception>
    public HashtagCnn(HashtagCnnOptions options, ModelShape shape)
        : base(nameof(HashtagCnn), shape, options)
    {
        if (options.AttentionWindow % 2 == 0 || options.Windows.Count == 0 || options.Windows.Any(window => window < 1))
        {
            throw new InputException("HashtagCNN needs an odd attention-window, such as 5, and windows of 1 or more words, such as [1, 2, 3].");
        }

        this.options = options;
        texts = shape.Get<EntityTexts>();
        var dimension = texts.VectorDimension ?? options.WordDimension;
        words = new EmbeddingTable(texts.Size + 2, dimension, Initializers.OfWords(texts.Vectors, texts.UnknownIndex));
        filters = nn.ModuleList([.. options.Windows.Select(window => new RowFilters(dimension, options.FilterCount, window))]);
        globalBias = nn.Parameter(zeros(options.FilterCount * options.Windows.Count));
        attention = new RowFilters(dimension, 1, options.AttentionWindow);
        fold = new Dense(dimension, options.LocalDimension, Initializers.GlorotUniform);
        var width = options.Channels switch
        {
            HashtagChannels.Global => options.FilterCount * options.Windows.Count,
            HashtagChannels.Local => options.LocalDimension,
            _ => (options.FilterCount * options.Windows.Count) + options.LocalDimension,
        };
        joined = new Dense(width, options.Dimension, Initializers.GlorotUniform);
        tags = new EmbeddingTable(shape.Items, options.Dimension, Initializers.GlorotUniform) { AlwaysWhole = true };
        RegisterComponents();
        Scorer = new InnerProduct(options.Dimension, hasBiases: false, requests => Queries.Of(PaddedTexts.Read(texts, requests, TextsAtOnce, tags.Weight.device, Encode)), () => ItemTable.Of(tags.Weight));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<HashtagCnnOptions>((options, shape) => new HashtagCnn(options, shape))
    {
        Id = "hashtag-cnn",
        Name = "HashtagCNN",
        Family = "Attention",
        Summary = "Hashtags of a text: attention to trigger words beside convolutions over the whole text.",
        Paper = "Y. Gong and Q. Zhang: Hashtag Recommendation Using Attention-Based Convolutional Neural Network. IJCAI 2016.",
        Answers = Capabilities.KnownUsers | Capabilities.Content,
        ScoresByInnerProduct = true,
        Inputs = [new TextOf<HashtagCnnOptions>(FieldSource.User, options => TextRules.Of(options, options.TextWords))],
        Derive = (options, train) => BatchRule.Of(options, train.Interactions.Count, updates: 50, largest: 200),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors => tags.Weight;

    /// <inheritdoc/>
    public override GradientTraining<TextBatch> Begin(TrainingSet train, TrainingOptions run) => new(this, options, run, new TextSource(train, texts, options.ExamplesPerUpdate), Loss);

    /// <summary>The cross-entropy of the hashtag of each pair, mean over pairs.</summary>
    public Tensor Loss(TextBatch batch) => MultinomialOutput.Loss(nn.functional.dropout(Encode(batch.Texts), options.Dropout, training), tags.Weight, batch.Items);

    /// <summary>The vector of each text [B, k]; zeros where a text has no word.</summary>
    public Tensor Encode(PaddedTexts batch)
    {
        List<Tensor> channels = [];
        if (options.Channels is not HashtagChannels.Local)
        {
            channels.Add(Global(batch));
        }

        if (options.Channels is not HashtagChannels.Global)
        {
            channels.Add(Local(batch));
        }

        return joined.forward(cat(channels, 1)).tanh().masked_fill(batch.IsPadding.narrow(1, 0, 1), 0);
    }

    /// <summary>The global channel [B, filters]: the maximum over all windows within the text; of a text shorter than a window, its one window with zeros after the end.</summary>
    public Tensor Global(PaddedTexts batch)
    {
        var x = words.forward(batch.Words); // [B, L, d]
        return (RowFilters.Largest(filters, x, batch.IsWord).tanh() + globalBias).tanh();
    }

    /// <summary>The local channel [B, r]: the folded sum of the trigger words.</summary>
    public Tensor Local(PaddedTexts batch) => fold.forward((words.forward(batch.Words) * Gates(batch).unsqueeze(2)).sum(1)).tanh();

    /// <summary>How much each word counts in the local channel [B, L]; 0 for padding.</summary>
    public Tensor Gates(PaddedTexts batch)
    {
        var scores = attention.forward(words.forward(Bordered(batch))).squeeze(2).tanh(); // [B, L]
        var excess = scores - Threshold(scores, batch.IsPadding);
        var isAbove = excess.gt(0).to(float32) * batch.IsWord;
        var gates = options.Gate switch
        {
            TriggerGate.Excess => excess * isAbove,
            TriggerGate.Soft => (Steepness * excess).sigmoid() * batch.IsWord,
            _ when (Steepness * excess).sigmoid() is var soft => isAbove + ((soft - soft.detach()) * batch.IsWord),
            _ => throw new InvalidOperationException(),
        };
        var keepsNone = isAbove.sum(1, keepdim: true).eq(0);
        return where(keepsNone, batch.IsWord, gates);
    }

    /// <summary>eta of each text [B, 1], between the lowest and the highest score of its own words, without gradient.</summary>
    public Tensor Threshold(Tensor scores, Tensor isPadding)
    {
        using var grad = no_grad();
        var (lowest, highest) = (scores.masked_fill(isPadding, 1).amin([1], keepdim: true), scores.masked_fill(isPadding, -1).amax([1], keepdim: true));
        return (options.Threshold * lowest) + ((1 - options.Threshold) * highest);
    }

    // Word indexes with marks before the first word and after the last, so that every word has a whole neighborhood [B, L + h - 1].
    private Tensor Bordered(PaddedTexts batch)
    {
        var side = options.AttentionWindow / 2;
        var device = batch.Words.device;
        var before = full([batch.Count, side], texts.Size, int32, device: device);
        var all = cat([before, batch.Words, zeros([batch.Count, side], int32, device: device)], 1);
        var end = batch.IsWord.sum(1, keepdim: true) + side;
        var place = arange(batch.Length + (2 * side), device: device).unsqueeze(0);
        return where(place.ge(end), full_like(all, texts.Size + 1), all);
    }
}
