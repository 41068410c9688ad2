using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>
/// Embedding-based news recommendation. In step 1 an autoencoder of words makes article vectors a (<see cref="ArticleAutoencoder"/>), which step 2 holds fixed; new articles have theirs by their text. In step 2 a state u is learned over the
/// articles that a user clicked, in order of time (<see cref="BrowseEncoder"/>), and relevance is u . a. For a session with clicked articles P+ and shown but unclicked ones P-, the loss is the sum over pairs of
/// -log sigma(u . a_p+ - u . a_p- + b[p+] - b[p-]) / (|P+||P-|), mean over sessions, where u is the state after the last click before the session, and b a learned bias of positions that training alone reads: our choice of the paper's B(p+, p-).
/// </summary>
/// <remarks>
/// Where the data holds clicks alone (no session-column), each click is a session of its own against sampled negatives; the paper always has impressions. Articles of step 1 are those of training, so that nothing is learned from texts of
/// cold items. A user is answered by a history; without one, popular articles are listed, as in the paper, and what the state before all clicks was learned for is training. The paper's ranking by expected page views and
/// freshness, after relevance, is not here.
/// </remarks>
internal sealed class YahooNews : Model
{
    private const int RequestsAtOnce = 512;
    private const int ArticleUpdates = 50; // per epoch of step 1 at least, down to batches of 16

    private readonly YahooNewsOptions options;
    private readonly SparseRows bags;
    private readonly SparseRows? categories;
    private readonly ArticleAutoencoder autoencoder;
    private readonly BrowseEncoder encoder;
    private readonly Parameter? positionBias; // b [positions + 1]
    private Tensor? articles; // a [items, dimension]: made of the autoencoder, so not saved

    /// <summary>A model.</summary>
    /// <exception cref="InputException">The categories are no categories of items.</exception>
    public YahooNews(YahooNewsOptions options, ModelShape shape)
        : base(nameof(YahooNews), shape, options)
    {
        this.options = options;
        bags = Bags(shape.Get<EntityTexts>());
        if (shape.Features is { } space)
        {
            EntityBags.Check(space.Schema, FieldSource.Item, "category-column");
            categories = space.Schema.Fields.All(field => field.Kind is not FieldKind.Number) ? EntityBags.Of(space, FieldSource.Item, BagScale.None) : throw new InputException("category-column: articles are compared by categories, and the column holds numbers. Name a column of categories.");
        }

        autoencoder = new ArticleAutoencoder(bags.ColumnCount, options.Dimension, options.Noise, options.TripletWeight);
        encoder = BrowseEncoder.Of(options);
        positionBias = options.PositionColumn.Length > 0 ? nn.Parameter(zeros(options.Positions + 1)) : null;
        RegisterComponents();
        Scorer = new InnerProduct(options.Dimension, hasBiases: false, requests => Queries.Of(After(requests)), () => ItemTable.Of(articles!));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<YahooNewsOptions>((options, shape) => new YahooNews(options, shape))
    {
        Id = "yahoo-news",
        Name = "Yahoo News",
        Family = "Recurrent",
        Summary = "Articles by an autoencoder of their words, users by a recurrent network over the articles they browsed; also for articles that nobody has met.",
        Paper = "S. Okura, Y. Tagami, S. Ono and A. Tajima: Embedding-based News Recommendation for Millions of Users. KDD 2017.",
        Answers = Capabilities.Histories,
        ScoresByInnerProduct = true,
        Inputs =
        [
            Times.Required,
            new TextOf<YahooNewsOptions>(FieldSource.Item, options => new TextRules(options.TextColumn) { Words = options.Words, MinimumCount = options.MinimumCount, MostWords = 100_000 }),
            new EntityFeatures<YahooNewsOptions>(options => options.CategoryColumn.Length > 0 ? new([options.CategoryColumn], MinimumCount: 1) : null),
        ],
        Check = CheckSessions,
        Derive = (options, train) => options.ArticleBatchSize is null ? options with { ArticleBatchSize = Math.Clamp(train.ItemCount / ArticleUpdates, 16, 100) } : options,
    };

    /// <summary>Step 1, and the epochs of step 2; there are no users before these.</summary>
    public override EpochPlan Plan => new(options.ArticleEpochs + options.Epochs, FirstMeasured: options.ArticleEpochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor ItemVectors
    {
        get
        {
            MakeReady();
            return articles!;
        }
    }

    /// <summary>b: the learned bias of each position from 0 on [positions + 1]; null without a position column. Only differences count.</summary>
    public Tensor? PositionBias => positionBias;

    /// <inheritdoc/>
    public override GradientTraining<Batch> Begin(TrainingSet train, TrainingOptions run) =>
        Begin(train, run, options.SessionColumn.Length > 0 ? NewsSessions.Of(train, options.SessionColumn, options.PositionColumn, options.Positions) : null);

    /// <summary>The same with sessions that the data does not hold.</summary>
    /// <param name="train">The clicks.</param>
    /// <param name="run">How training runs.</param>
    /// <param name="sessions">The sessions of each user; null for sampled negatives.</param>
    internal GradientTraining<Batch> Begin(TrainingSet train, TrainingOptions run, NewsSession[][]? sessions)
    {
        var first = new ArticleSource(bags, categories, [.. train.Interactions.Items.ToArray().Distinct().Order()], options.ArticleBatchSize ?? throw new InvalidOperationException("The batch size of articles has not been derived from the data."));
        var second = new BrowseSource(train, options.ExamplesPerUpdate, options.MaxLength, options.Negatives, sessions);
        var isSecond = false;
        return new GradientTraining<Batch>(this, options, run, first, batch => batch is ArticleBatch some ? autoencoder.Loss(some) : Loss((BrowseBatch)batch))
        {
            Trainable = () => isSecond ? [.. encoder.parameters(), .. positionBias is null ? (Parameter[])[] : [positionBias]] : autoencoder.parameters(),
            EpochStarting = (epoch, _) =>
            {
                isSecond = epoch >= options.ArticleEpochs;
                if (epoch == 0)
                {
                    autoencoder.BeginAtMeans(bags.Gather(first.Articles));
                }

                if (isSecond)
                {
                    MakeArticles();
                }
            },
            StageOf = _ => isSecond
                ? new GradientStage<Batch>("", options.Optimizer, options.LearningRate, options.WeightDecay, second)
                : new GradientStage<Batch>("articles", options.Optimizer, options.ArticleLearningRate, options.WeightDecay, first),
        };
    }

    /// <summary>What step 2 minimizes: the mean over sessions of the mean loss of their pairs.</summary>
    public Tensor Loss(BrowseBatch batch)
    {
        if (articles is null)
        {
            MakeArticles();
        }

        var u = States(batch.Browsed).flatten(0, 1).index_select(0, batch.Places); // [C, dimension]
        return PairLoss((u * articles!.index_select(0, batch.Articles)).sum(1), batch, positionBias);
    }

    /// <summary>The loss of pairs from the relevance of each candidate, mean over sessions.</summary>
    /// <param name="relevance">u . a [C].</param>
    /// <param name="batch">The pairs.</param>
    /// <param name="bias">b; null for none.</param>
    public static Tensor PairLoss(Tensor relevance, BrowseBatch batch, Tensor? bias)
    {
        var score = bias is null ? relevance : relevance + bias.index_select(0, batch.Positions);
        return (batch.Weights * nn.functional.softplus(score.index_select(0, batch.Worse) - score.index_select(0, batch.Better))).sum() / batch.Count;
    }

    /// <summary>The state before the first place and after each place [B, L + 1, dimension].</summary>
    public Tensor States(SequenceBatch browsed) =>
        encoder.States(articles!.index_select(0, browsed.Items.flatten()).view(browsed.Count, browsed.Length, options.Dimension), browsed.IsPadding.logical_not());

    /// <summary>Makes the vectors of all articles.</summary>
    protected override void Prepare() => MakeArticles();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            articles?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void CheckSessions(YahooNewsOptions options, TrainingSet train)
    {
        if (options.SessionColumn.Length > 0)
        {
            NewsSessions.Check(train, options.SessionColumn, options.PositionColumn);
        }
        else if (options.PositionColumn.Length > 0)
        {
            throw new InputException("position-column: positions count within a session; name the column of sessions in session-column too, or leave position-column empty.");
        }
    }

    // The distinct words of each article; word 1 of the texts is column 0.
    private static SparseRows Bags(EntityTexts texts) =>
        SparseRows.FromRows([.. Enumerable.Range(0, texts.Rows.RowCount).Select(item => (int[])[.. texts.Rows[item].ToArray().Select(word => word - 1).Distinct().Order()])], texts.Words.Count);

    private void MakeArticles()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var made = autoencoder.EncodeAll(bags);
        articles?.Dispose();
        articles = made.DetachFromDisposeScope();
    }

    private Tensor After(RequestBatch requests)
    {
        var device = articles!.device;
        var read = HistoryReader.Read(requests, options.MaxLength, options.Dimension, RequestsAtOnce, device, batch => States(batch).select(1, batch.Length));
        var isEmpty = tensor([.. Enumerable.Range(0, requests.Count).Select(request => requests.History(request).Length == 0)], device: device).unsqueeze(1); // [requests, 1]
        return where(isEmpty, Initial(device), read);
    }

    // The state before the first article [dimension].
    private Tensor Initial(Device device) =>
        encoder.States(zeros(1, 1, options.Dimension, device: device), zeros([1, 1], @bool, device)).select(1, 0);
}
