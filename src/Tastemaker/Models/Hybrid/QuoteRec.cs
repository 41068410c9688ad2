using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Texts;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Hybrid;

/// <summary>How <see cref="QuoteRec"/> makes a vector of a dialogue.</summary>
public enum DialogueReading
{
    /// <summary>Convolutions over the words of each turn and an LSTM over the turns, as in the paper.</summary>
    Turns,

    /// <summary>An LSTM over the turns, each the mean of its words: without the order of words.</summary>
    Bags,

    /// <summary>Convolutions over the words of all turns as one text: without the order of turns.</summary>
    Thread,

    /// <summary>Convolutions over the words of the last turn.</summary>
    LastTurn,

    /// <summary>An LSTM over the words of all turns as one text.</summary>
    Words,
}

/// <summary>Hyper-parameters of <see cref="QuoteRec"/>. We could not read the paper in full; sizes are ours.</summary>
public sealed record QuoteRecOptions : TextOptions
{
    /// <summary>Adam at 0.001; the gradient is clipped at norm 5; batches of at most 64 pairs, fewer where an epoch would have less than 50 updates.</summary>
    public QuoteRecOptions() => (Epochs, BatchSize, LearningRate, ClipNorm) = (30, null, 1e-3, 5);

    /// <summary>What stands between the turns of a dialogue; \n is a line break. <value>a line break, or &lt;eot&gt;, which may stand in any file</value></summary>
    public string TurnSeparator { get; init; } = "";

    /// <summary>Turns of a dialogue at most; of longer dialogues the last ones are read.</summary>
    [Range(1, 1000)]
    public int Turns { get; init; } = 10;

    /// <summary>Words of a turn at most; of longer turns the first are read.</summary>
    [Range(1, 10_000)]
    public int TurnWords { get; init; } = 30;

    /// <summary>Widths of the filters, in words.</summary>
    public IReadOnlyList<int> Windows { get; init; } = [1, 2, 3];

    /// <summary>m: filters of each width.</summary>
    [Symbol("m")]
    [Range(1, 4096)]
    [Search(50, 200, Log = true)]
    public int FilterCount { get; init; } = 100;

    /// <summary>Width of the layer that makes the vector of a turn; 0 for no such layer.</summary>
    [Range(0, 4096)]
    public int TurnDimension { get; init; } = 300;

    /// <summary>Units of the LSTM, and length of the vectors of quotes.</summary>
    [Range(1, 4096)]
    [Search(100, 400, Log = true)]
    public int Units { get; init; } = 200;

    /// <summary>Dropout rate of the vectors of turns and of the vector of a dialogue.</summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.7)]
    public double Dropout { get; init; } = 0.5;

    /// <summary>How a dialogue is read.</summary>
    public DialogueReading Reading { get; init; } = DialogueReading.Turns;
}

/// <summary>
/// Quotes that continue a dialogue. Filters of 1, 2 and 3 words, shared by all turns, give c_k,p = ReLU(w_k . e_p..p+k-1 + b_k); their maximum over the turn and a layer make its vector t = tanh(W_t max_p c + b_t). An LSTM reads the
/// turns in their order, and its state after the last is the dialogue h. Quotes are ranked by softmax(W h + b), learned by cross-entropy over all quotes; every pair of dialogue and quote has a term of the loss. Windows lie within
/// their turn; turns without words are left out; a dialogue without any has h = 0. The paper's abstract names the networks and not their sizes: filters, activations and the layer of a turn are ours.
/// </summary>
internal sealed class QuoteRec : Model
{
    private const int DialoguesAtOnce = 128;

    private readonly QuoteRecOptions options;
    private readonly EntityTexts texts;
    private readonly EmbeddingTable words; // E
    private readonly ModuleList<RowFilters> filters;
    private readonly Dense? turn;
    private readonly LstmCell? lstm;
    private readonly EmbeddingTable quotes; // W
    private readonly Parameter biases; // b

    /// <summary>A model.</summary>
    /// <exception cref="InputException">The options do not fit each other.</exception>
    public QuoteRec(QuoteRecOptions options, ModelShape shape)
        : base(nameof(QuoteRec), shape, options)
    {
        if (options.Windows.Count == 0 || options.Windows.Any(window => window < 1))
        {
            throw new InputException("QuoteRec needs windows of 1 or more words, such as [1, 2, 3].");
        }

        this.options = options;
        texts = shape.Get<EntityTexts>();
        var dimension = texts.VectorDimension ?? options.WordDimension;
        words = new EmbeddingTable(texts.Size, dimension, Initializers.OfWords(texts.Vectors, texts.UnknownIndex));
        var (convolves, followsTurns) = (options.Reading is not (DialogueReading.Bags or DialogueReading.Words), options.Reading is DialogueReading.Turns or DialogueReading.Bags);
        filters = nn.ModuleList([.. options.Windows.Where(_ => convolves).Select(window => new RowFilters(dimension, options.FilterCount, window))]);
        var width = convolves ? filters.Count * options.FilterCount : dimension;
        if (options.TurnDimension > 0 && options.Reading is not DialogueReading.Words)
        {
            turn = new Dense(width, options.TurnDimension, Initializers.GlorotUniform);
            width = options.TurnDimension;
        }

        if (followsTurns || options.Reading is DialogueReading.Words)
        {
            lstm = new LstmCell(width, options.Units);
            width = options.Units;
        }

        quotes = new EmbeddingTable(shape.Items, width, Initializers.GlorotUniform) { AlwaysWhole = true };
        biases = nn.Parameter(zeros(shape.Items));
        RegisterComponents();
        Scorer = new InnerProduct(
            width,
            hasBiases: true,
            requests => Queries.Of(ITextBlock.Read<PaddedDialogues>(texts, requests, DialoguesAtOnce, quotes.Weight.device, Encode)),
            () => ItemTable.Of(quotes.Weight, biases));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<QuoteRecOptions>((options, shape) => new QuoteRec(options, shape))
    {
        Id = "quote-rec",
        Name = "QuoteRec",
        Family = "Hybrid",
        Summary = "Quotes that continue a dialogue: convolutions over the words of each turn, an LSTM over the turns.",
        Paper = "H. Lee, Y. Ahn, H. Lee, S. Ha and S. Lee: Quote Recommendation in Dialogue using Deep Neural Network. SIGIR 2016.",
        Answers = Capabilities.KnownUsers | Capabilities.Content,
        ScoresByInnerProduct = true,
        Inputs =
        [
            new TextOf<QuoteRecOptions>(FieldSource.User, options => TextRules.Of(options, options.TurnWords) with
            {
                Turns = new(options.TurnSeparator, options.Reading is DialogueReading.LastTurn ? 1 : options.Turns, Joins: options.Reading is DialogueReading.Thread or DialogueReading.Words),
            }),
        ],
        Derive = (options, train) => BatchRule.Of(options, train.Interactions.Count, updates: 50, largest: 64),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors => quotes.Weight;

    /// <inheritdoc/>
    public override GradientTraining<TextBatch> Begin(TrainingSet train, TrainingOptions run) => new(this, options, run, new TextSource(train, texts, options.ExamplesPerUpdate), Loss);

    /// <summary>The cross-entropy of the quote of each pair, mean over pairs.</summary>
    public Tensor Loss(TextBatch batch) => MultinomialOutput.Loss(Drop(Encode(batch.Dialogues)), quotes.Weight, batch.Items, biases);

    /// <summary>h: the vector of each dialogue [B, width]; zeros where it has no word.</summary>
    public Tensor Encode(PaddedDialogues batch) => options.Reading switch
    {
        DialogueReading.Words => LstmCell.Last(lstm!.States(words.forward(batch.Turns.Words)), batch.Turns.IsWord).index_select(0, batch.Places.flatten()), // one text each
        DialogueReading.Thread or DialogueReading.LastTurn => OfDialogues(batch, Turns(batch.Turns)).squeeze(1) * batch.IsTurn, // one turn each
        _ => LstmCell.Last(lstm!.States(OfDialogues(batch, Drop(Turns(batch.Turns)))), batch.IsTurn),
    };

    /// <summary>t: the vector of each turn [N, D].</summary>
    public Tensor Turns(PaddedTexts turns)
    {
        var e = words.forward(turns.Words); // [N, L, d]
        var read = options.Reading is DialogueReading.Bags
            ? turns.Mean(e)
            : cat([.. filters.Select(filter => filter.Largest(e, turns.IsWord).relu())], 1);
        return turn is null ? read : turn.forward(read).tanh();
    }

    // Vectors of turns [N, D] to those of dialogues, turn by turn [B, T, D].
    private static Tensor OfDialogues(PaddedDialogues batch, Tensor turns) => turns.index_select(0, batch.Places.flatten()).view(batch.Count, batch.Length, -1);

    private Tensor Drop(Tensor x) => nn.functional.dropout(x, options.Dropout, training);
}
