using System.Buffers;
using Tastemaker.Data;
using Tastemaker.Evaluation.Ranking;
using Tastemaker.Native;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Recommending;

/// <summary>
/// A trained <see cref="Model"/> with what it must remember of its data, as a recommender. Decides who answers (model, fold-in, popularity),
/// filters, ranks and explains; changes nothing after construction, so any number of threads may ask.
/// </summary>
internal sealed class TrainedRecommender : IRecommender, IPartialScorer
{
    private const long MostMicroseconds = 1000L * 366 * 86_400 * Timestamps.PerSecond; // what is expected in more than a thousand years is not worth a date

    private readonly Lazy<ItemFinder> finder;
    private readonly object[] capabilities;

    /// <summary>Wraps a model. What else it can do than rank is asked for by <see cref="As{T}"/>.</summary>
    public TrainedRecommender(SystemInfo info, Model model, RecommenderSnapshot snapshot, RecommenderOrigin origin)
    {
        Info = info;
        Model = model;
        Snapshot = snapshot;
        Origin = origin;
        Scoring = new RequestScoring(info, model, snapshot);
        Vectors = model.Scorer is InnerProduct product ? new VectorQueries(this, product) : null;
        capabilities = [.. Offered().OfType<object>()];
        finder = new Lazy<ItemFinder>(() => new ItemFinder(snapshot.Items, snapshot.Titles));
        model.eval();
    }

    /// <summary>The system's entry in the catalog.</summary>
    public SystemInfo Info { get; }

    /// <summary>The trained weights; owned.</summary>
    public Model Model { get; }

    /// <summary>Vocabularies, histories, counts.</summary>
    public RecommenderSnapshot Snapshot { get; }

    /// <summary>Options and fingerprints.</summary>
    public RecommenderOrigin Origin { get; }

    /// <summary>Scores by whoever can answer.</summary>
    public RequestScoring Scoring { get; }

    /// <summary>Requests and items as vectors; null where scores are no inner products.</summary>
    public VectorQueries? Vectors { get; }

    /// <summary>The trained system that finds what a recommender recommends: itself, the one behind an index, or the retriever of two stages; null where there is none.</summary>
    public static TrainedRecommender? In(IRecommender recommender) => recommender switch
    {
        TrainedRecommender trained => trained,
        IndexedRecommender indexed => indexed.Exact,
        TwoStageRecommender stages => In(stages.Retriever),
        _ => null,
    };

    /// <summary>Finds items by id or title.</summary>
    public ItemFinder Finder => finder.Value;

    /// <inheritdoc/>
    public string System => Info.Id;

    /// <inheritdoc/>
    public Vocabulary Users => Snapshot.Users;

    /// <inheritdoc/>
    public Vocabulary Items => Snapshot.Items;

    /// <inheritdoc/>
    public bool RecommendsSeen => Origin.RecommendsSeen ?? Info.RecommendsSeen;

    /// <inheritdoc/>
    public T? As<T>()
        where T : class => this as T ?? capabilities.OfType<T>().FirstOrDefault();

    /// <inheritdoc/>
    public void Score(RequestBatch requests, Span<float> scores)
    {
        if (scores.Length != (long)requests.Count * Items.Count)
        {
            throw new ArgumentException($"{requests.Count} requests over {Items.Count} items need as many scores; the span has {scores.Length}.", nameof(scores));
        }

        Scoring.Score(requests, Scoring.Plan(requests), scores);
    }

    /// <inheritdoc/>
    public IPartialScores? Begin(RequestBatch requests) => Scoring.Begin(requests, Scoring.Plan(requests));

    /// <inheritdoc/>
    public RecommendationList Recommend(Request request, int count, CandidateFilter? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return Recommend(ResolvedRequest.Of(request, this), count, new CandidateMask(filter, RecommendsSeen, Items));
    }

    /// <inheritdoc/>
    public IReadOnlyList<RecommendationList> RecommendAll(IReadOnlyList<Request> requests, int count, CandidateFilter? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new BatchRecommendation(this, count, filter).Answer(requests);
    }

    /// <summary>Answers one request that has been looked up.</summary>
    public RecommendationList Recommend(ResolvedRequest request, int count, CandidateMask mask)
    {
        var buffer = ArrayPool<float>.Shared.Rent(Items.Count);
        try
        {
            var scores = buffer.AsSpan(0, Items.Count);
            var strategies = Scoring.Score(request.Batch, Scoring.Plan(request.Batch), scores);
            return List(scores, count, strategies[0], request, mask);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> HistoryOf(string user) => Users.IndexOf(user) is >= 0 and var index ? Ids(Snapshot.Known[index].ToArray()) : [];

    /// <inheritdoc/>
    public RecommendationList Similar(string item, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var index = Items.IndexOf(item);
        if (index < 0)
        {
            throw new InputException($"There is no item '{item}' in the catalog.{Finder.Suggestion(item)}");
        }

        var buffer = ArrayPool<float>.Shared.Rent(Items.Count);
        try
        {
            var scores = buffer.AsSpan(0, Items.Count);
            var strategy = ScoreSimilar(index, scores);
            scores[index] = float.NegativeInfinity;
            return List(scores, count, strategy, []);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FindItems(params IReadOnlyList<string> names) => Ids(Finder.FindAll(names));

    /// <summary>The identifiers of the items of a comma-separated list of names.</summary>
    /// <exception cref="InputException">As <see cref="FindItems"/>.</exception>
    public IReadOnlyList<string> FindItemList(string list) => Ids(Finder.FindList(list));

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
    }

    /// <summary>Refuses rows of other vocabularies, and room for more or fewer predictions than there are rows.</summary>
    public void Check(Dataset impressions, int room)
    {
        if (impressions.Interactions.Count != room)
        {
            throw new ArgumentException($"There are {impressions.Interactions.Count} rows and room for {room} predictions; the lengths must agree.", nameof(room));
        }

        if (impressions.Users.Count != Users.Count || impressions.Items.Count != Items.Count)
        {
            throw new ArgumentException($"The rows are of {impressions.Users.Count} users and {impressions.Items.Count} items, the system of {Users.Count} and {Items.Count}.", nameof(impressions));
        }
    }

    /// <summary>The list of a request whose scores are known; overwrites those of items that are no candidates.</summary>
    public RecommendationList List(Span<float> scores, int count, AnswerSource strategy, ResolvedRequest request, CandidateMask mask)
    {
        mask.Apply(scores, request.Seen);
        return List(scores, count, strategy, request.NotesFor(strategy, Info, mask), request, mask);
    }

    /// <summary>The list of a request whose best items are known.</summary>
    public RecommendationList List(ReadOnlySpan<int> items, ReadOnlySpan<float> scores, AnswerSource strategy, ResolvedRequest request, CandidateMask mask) =>
        List(items, scores, strategy, request.NotesFor(strategy, Info, mask), request, mask);

    private IEnumerable<object?> Offered()
    {
        yield return Vectors;
        yield return Model is IRatingModel ratings ? new RatingPredictor(this, ratings) : null;
        yield return Model is IClickProbabilityModel clicks ? new ClickPredictor(this, clicks) : null;
        yield return Model is IEventModel events ? new EventPredictor(events) : null;
        yield return Model is IExpectedValueModel worth ? new ExpectedValuePredictor(this, worth) : null;
    }

    private AnswerSource ScoreSimilar(int item, Span<float> scores)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        if (Model.ItemVectors is { } vectors)
        {
            var lengths = vectors.norm(1).clamp_min(1e-12); // [items]
            var cosines = vectors.matmul(vectors[item]) / (lengths * lengths[item]);
            cosines.to(float32).CopyValues<float>(scores);
            return AnswerSource.Model;
        }

        if (!Info.Answers.HasFlag(Capabilities.Histories))
        {
            throw new InputException($"{Info.Name} has no notion of how alike items are; choose a system with item vectors or one that folds in histories.");
        }

        Score(new RequestBatch([-1], new SparseRows([0, 1], [item], Items.Count)), scores);
        return AnswerSource.FoldIn;
    }

    // The moment after a request's history; null where the system does not follow events, or something else answers.
    private IEventStream? Moment(ResolvedRequest? request, AnswerSource strategy) =>
        Model is IEventModel model && strategy is AnswerSource.Model && request is not null && Scoring.Plan(request.Batch).Answerable is { } answerable ? model.After(answerable, 0) : null;

    private static DateTimeOffset? Expected(IEventStream stream, int user, int item) =>
        stream.Expected(user, item, stream.Now) is var time && time - stream.Now < MostMicroseconds ? Timestamps.Moment(time) : null;

    private string[] Ids(int[] items) => Array.ConvertAll(items, item => Items[item]);

    private RecommendationList List(ReadOnlySpan<float> scores, int count, AnswerSource strategy, IReadOnlyList<string> notes, ResolvedRequest? request = null, CandidateMask? mask = null)
    {
        var length = Math.Min(count, scores.Length);
        var (items, values) = (new int[length], new float[length]);
        var found = TopK.Select(scores, items, values);
        return List(items.AsSpan(0, found), values.AsSpan(0, found), strategy, notes, request, mask);
    }

    private RecommendationList List(ReadOnlySpan<int> items, ReadOnlySpan<float> scores, AnswerSource strategy, IReadOnlyList<string> notes, ResolvedRequest? request, CandidateMask? mask)
    {
        notes = items.IsEmpty && request is not null && mask is not null ? [.. notes, mask.WhyEmpty(request.Seen)] : notes;
        var moment = Moment(request, strategy);
        var list = new Recommendation[items.Length];
        for (var rank = 0; rank < list.Length; rank++)
        {
            list[rank] = new Recommendation(Items[items[rank]], Snapshot.Titles?[items[rank]], scores[rank]) { Expected = moment is null ? null : Expected(moment, request!.Batch.Users[0], items[rank]) };
        }

        return new RecommendationList(list, strategy, notes);
    }
}
