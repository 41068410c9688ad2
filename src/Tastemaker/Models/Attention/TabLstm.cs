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

/// <summary>How <see cref="TabLstm"/> makes a vector of the states after each word.</summary>
public enum StatePooling
{
    /// <summary>Attention that the topics of the text guide, as in the paper.</summary>
    Topical,

    /// <summary>Attention by the states alone: W = 0.</summary>
    Attention,

    /// <summary>The mean of all states: v = 0.</summary>
    Mean,

    /// <summary>The state after the last word: a plain LSTM.</summary>
    Last,
}

/// <summary>Hyper-parameters of <see cref="TabLstm"/>. We could not read the paper in full; sizes are those of public code.</summary>
public sealed record TabLstmOptions : TextOptions
{
    /// <summary>Adam at 0.001; the gradient is clipped at norm 5; batches of at most 128 pairs, fewer where an epoch would have less than 50 updates.</summary>
    public TabLstmOptions() => (Epochs, BatchSize, LearningRate, ClipNorm, WordDimension) = (50, null, 1e-3, 5, 300);

    /// <summary>Words of a text at most.</summary>
    [Range(1, 10_000)]
    public int TextWords { get; init; } = 30;

    /// <summary>Units of the LSTM, and length of the vectors of hashtags.</summary>
    [Range(1, 4096)]
    [Search(50, 300, Log = true)]
    public int Units { get; init; } = 300;

    /// <summary>Dropout rate of the vector of a text.</summary>
    [Range(0.0, 0.99)]
    [Search(0.2, 0.8)]
    public double Dropout { get; init; } = 0.5;

    /// <summary>How the states after each word make one vector.</summary>
    public StatePooling Pooling { get; init; } = StatePooling.Topical;

    /// <summary>K: number of topics.</summary>
    [Symbol("K")]
    [Range(1, 10_000)]
    public int Topics { get; init; } = 100;

    /// <summary>alpha of the prior of the topics of a text. <value>0.1, which suits short texts; the usual 50 / K suits long ones</value></summary>
    [Range(1e-6, 100.0)]
    public double TopicAlpha { get; init; } = 0.1;

    /// <summary>beta of the prior of the words of a topic.</summary>
    [Range(1e-6, 100.0)]
    public double TopicBeta { get; init; } = 0.01;

    /// <summary>Passes of Gibbs sampling over the training texts.</summary>
    [Range(1, 100_000)]
    public int TopicSweeps { get; init; } = 500;

    /// <summary>A file of further texts, one per line, that only the topics are fitted to; empty for none.</summary>
    public string TopicFile { get; init; } = "";
}

/// <summary>
/// TAB-LSTM, hashtags of a post: an LSTM reads the words; attention to its states h_j is guided by the topics theta of the text, a_j = softmax_j(v . tanh(W theta + U h_j)); a softmax over all hashtags reads the sum of a_j h_j. Topics
/// are fitted beforehand to the texts of training users, by latent Dirichlet allocation. Every pair of post and hashtag has a term of the loss. W begins with a larger scale than U, because theta has entries of about 1/K.
/// </summary>
internal sealed class TabLstm : Model
{
    private const int TextsAtOnce = 256;

    private readonly TabLstmOptions options;
    private readonly EntityTexts texts;
    private readonly TextTopics topics;
    private readonly EmbeddingTable words;
    private readonly LstmCell lstm;
    private readonly Parameter ofTopics; // W [K, units]
    private readonly Parameter ofStates; // U [units, units]
    private readonly Parameter attention; // v [units]
    private readonly EmbeddingTable tags; // W_o
    private readonly Parameter biases; // b_o

    public TabLstm(TabLstmOptions options, ModelShape shape)
        : base(nameof(TabLstm), shape, options)
    {
        this.options = options;
        (texts, topics) = (shape.Get<EntityTexts>(), shape.Get<TextTopics>());
        var dimension = texts.VectorDimension ?? options.WordDimension;
        words = new EmbeddingTable(texts.Size, dimension, Initializers.OfWords(texts.Vectors, texts.UnknownIndex));
        lstm = new LstmCell(dimension, options.Units);
        ofTopics = nn.Parameter(randn(topics.Count, options.Units));
        ofStates = nn.Parameter(empty(options.Units, options.Units));
        attention = nn.Parameter(randn(options.Units) / Math.Sqrt(options.Units));
        tags = new EmbeddingTable(shape.Items, options.Units, Initializers.GlorotUniform) { AlwaysWhole = true };
        biases = nn.Parameter(zeros(shape.Items));
        using (no_grad())
        {
            Initializers.GlorotUniform(ofStates);
        }

        RegisterComponents();
        Scorer = new InnerProduct(options.Units, hasBiases: true, requests => Queries.Of(Read(requests)), () => ItemTable.Of(tags.Weight, biases));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<TabLstmOptions>((options, shape) => new TabLstm(options, shape))
    {
        Id = "tab-lstm",
        Name = "TAB-LSTM",
        Family = "Attention",
        Summary = "Hashtags of a text: an LSTM with attention that the topics of the text guide.",
        Paper = "Y. Li, T. Liu, J. Jiang and L. Zhang: Hashtag Recommendation with Topical Attention-Based LSTM. COLING 2016.",
        Answers = Capabilities.KnownUsers | Capabilities.Content,
        ScoresByInnerProduct = true,
        Inputs = [Text, new TopicsOf<TabLstmOptions>(Text, options => new(options.Topics, options.TopicAlpha, options.TopicBeta, options.TopicSweeps, options.TopicFile))],
        Derive = (options, train) => BatchRule.Of(options, train.Interactions.Count, updates: 50, largest: 128),
    };

    private static TextOf<TabLstmOptions> Text => new(FieldSource.User, options =>
        TextRules.Of(options, options.TextWords));

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors => tags.Weight;

    /// <inheritdoc/>
    public override GradientTraining<TextBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var (k, known) = (topics.Count, topics.OfUsers());
        return new(this, options, run, new TextSource(train, texts, options.ExamplesPerUpdate), batch => Loss(batch, tensor(
            batch.UserBuffer.SelectMany(user => known.AsSpan(user * k, k).ToArray()).ToArray(), [batch.Count, k], device: tags.Weight.device)));
    }

    /// <summary>The cross-entropy of the hashtag of each pair, mean over pairs.</summary>
    /// <param name="batch">The pairs with their texts.</param>
    /// <param name="theta">The topics of each text [B, K].</param>
    public Tensor Loss(TextBatch batch, Tensor theta) =>
        MultinomialOutput.Loss(nn.functional.dropout(Encode(batch.Texts, theta), options.Dropout, training), tags.Weight, batch.Items, biases);

    /// <summary>The vector of each text [B, units]; zeros where a text has no word.</summary>
    public Tensor Encode(PaddedTexts batch, Tensor theta)
    {
        var h = States(batch);
        return options.Pooling is StatePooling.Last
            ? LstmCell.Last(h, batch.IsWord)
            : Attention(batch, h, theta).unsqueeze(1).bmm(h).squeeze(1);
    }

    /// <summary>h: the state after each word [B, L, units].</summary>
    public Tensor States(PaddedTexts batch) => lstm.States(words.forward(batch.Words));

    /// <summary>a: the share of each state in the vector of its text [B, L]; 0 for padding, and everywhere in a text without words.</summary>
    public Tensor Attention(PaddedTexts batch, Tensor h, Tensor theta)
    {
        var guided = h.matmul(ofStates);
        var logits = options.Pooling switch
        {
            StatePooling.Topical => (theta.matmul(ofTopics).unsqueeze(1) + guided).tanh().matmul(attention),
            StatePooling.Attention => guided.tanh().matmul(attention),
            _ => zeros_like(batch.IsWord),
        };
        return logits.masked_fill(batch.IsPadding, -1e9).softmax(1) * batch.IsWord;
    }

    private Tensor Read(RequestBatch requests)
    {
        var (theta, first) = (tensor(topics.Of(requests), [requests.Count, topics.Count], device: tags.Weight.device), 0);
        return PaddedTexts.Read(texts, requests, TextsAtOnce, tags.Weight.device, block =>
        {
            var own = theta.narrow(0, first, block.Count);
            first += block.Count;
            return Encode(block, own);
        });
    }
}
