using Tastemaker.Data;
using Tastemaker.Evaluation.Ranking;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Recommending;

/// <summary>
/// A trained <see cref="Model"/> with what it must remember of its data, as a recommender. Decides who answers (model, fold-in, popularity),
/// filters, ranks and explains; changes nothing after construction, so any number of threads may ask.
/// </summary>
internal class TrainedRecommender : IRecommender
{
    private readonly Lazy<ItemFinder> finder;

    private protected TrainedRecommender(SystemInfo info, Model model, RecommenderSnapshot snapshot, RecommenderOrigin origin)
    {
        Info = info;
        Model = model;
        Snapshot = snapshot;
        Origin = origin;
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

    /// <summary>Finds items by id or title.</summary>
    public ItemFinder Finder => finder.Value;

    /// <inheritdoc/>
    public string System => Info.Id;

    /// <inheritdoc/>
    public Vocabulary Users => Snapshot.Users;

    /// <inheritdoc/>
    public Vocabulary Items => Snapshot.Items;

    /// <inheritdoc/>
    public bool RecommendsSeen => Info.RecommendsSeen;

    /// <summary>Wraps a model: as an <see cref="IRatingPredictor"/> too where it is an <see cref="IRatingModel"/>.</summary>
    public static TrainedRecommender Of(SystemInfo info, Model model, RecommenderSnapshot snapshot, RecommenderOrigin origin) =>
        model is IRatingModel ? new TrainedRatingRecommender(info, model, snapshot, origin) : new TrainedRecommender(info, model, snapshot, origin);

    /// <inheritdoc/>
    public void Score(RequestBatch requests, Span<float> scores)
    {
        if (scores.Length != (long)requests.Count * Items.Count)
        {
            throw new ArgumentException($"{requests.Count} requests over {Items.Count} items need as many scores; the span has {scores.Length}.", nameof(scores));
        }

        Score(requests, RequestPlan.Of(requests, Snapshot, Info.Answers), scores);
    }

    /// <inheritdoc/>
    public RecommendationList Recommend(Request request, int count, CandidateFilter? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var resolved = ResolvedRequest.Of(request, this);
        var plan = RequestPlan.Of(resolved.Batch, Snapshot, Info.Answers);
        var scores = new float[Items.Count];
        var strategy = Score(resolved.Batch, plan, scores) ? Strategy.Popularity : plan.Strategies[0];
        var remaining = CandidateMask.Apply(scores, filter, resolved.Seen, RecommendsSeen, Items);
        return List(scores, Math.Min(count, remaining), strategy, resolved.NotesFor(strategy, Info));
    }

    /// <inheritdoc/>
    public RecommendationList Similar(string item, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var index = Items.IndexOf(item);
        if (index < 0)
        {
            throw new InputException($"There is no item '{item}' in the catalog.{Finder.Suggestion(item)}");
        }

        var scores = new float[Items.Count];
        var strategy = ScoreSimilar(index, scores);
        scores[index] = float.NegativeInfinity;
        return List(scores, Math.Min(count, Items.Count - 1), strategy, []);
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
        GC.SuppressFinalize(this);
    }

    /// <summary>Scores by plan; tells whether the model had nothing to say on some request, which popularity then answers.</summary>
    private bool Score(RequestBatch requests, RequestPlan plan, Span<float> scores)
    {
        if (ReferenceEquals(plan.Answerable, requests))
        {
            return ScoreByModel(requests, scores);
        }

        for (var request = 0; request < requests.Count; request++)
        {
            if (plan.Strategies[request] == Strategy.Popularity)
            {
                ByPopularity(scores.Slice(request * Items.Count, Items.Count));
            }
        }

        var anyFlat = false;
        if (plan.Answerable is { } answerable)
        {
            var answers = new float[answerable.Count * Items.Count];
            anyFlat = ScoreByModel(answerable, answers);
            for (var row = 0; row < answerable.Count; row++)
            {
                answers.AsSpan(row * Items.Count, Items.Count).CopyTo(scores[(plan.Rows[row] * Items.Count)..]);
            }
        }

        return anyFlat;
    }

    private bool ScoreByModel(RequestBatch requests, Span<float> scores)
    {
        if (requests.Count == 0)
        {
            return false;
        }

        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Model.Score(requests, scores);
        if (!FiniteScores.Are(scores))
        {
            throw new InvalidOperationException($"{Info.Name} gave a score that is not a number: its weights have diverged. Train it with a smaller learning rate.");
        }

        return FillFlatRows(scores);
    }

    // Neighbours and linear models score nothing for a history that shares no item with another: popularity beats the order of the catalog.
    private bool FillFlatRows(Span<float> scores)
    {
        var any = false;
        for (var start = 0; start < scores.Length; start += Items.Count)
        {
            var row = scores.Slice(start, Items.Count);
            if (row.Length > 1 && !row.ContainsAnyExcept(row[0]))
            {
                ByPopularity(row);
                any = true;
            }
        }

        return any;
    }

    private void ByPopularity(Span<float> scores)
    {
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = Snapshot.Popularity[item];
        }
    }

    private Strategy ScoreSimilar(int item, Span<float> scores)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        if (Model.ItemVectors is { } vectors)
        {
            var lengths = vectors.norm(1).clamp_min(1e-12); // [items]
            var cosines = vectors.matmul(vectors[item]) / (lengths * lengths[item]);
            cosines.to(float32).cpu().contiguous().data<float>().CopyTo(scores);
            return Strategy.Model;
        }

        if (!Info.Answers.HasFlag(Answers.Histories))
        {
            throw new InputException($"{Info.Name} has no notion of how alike items are; choose a system with item vectors or one that folds in histories.");
        }

        Score(new RequestBatch([-1], new SparseRows([0, 1], [item], Items.Count)), scores);
        return Strategy.FoldIn;
    }

    private string[] Ids(int[] items) => Array.ConvertAll(items, item => Items[item]);

    private RecommendationList List(float[] scores, int count, Strategy strategy, IReadOnlyList<string> notes)
    {
        var (items, values) = (new int[count], new float[count]);
        var found = TopK.Select(scores, items, values);
        var list = new Recommendation[found];
        for (var rank = 0; rank < found; rank++)
        {
            list[rank] = new Recommendation(Items[items[rank]], Snapshot.Titles?[items[rank]], values[rank]);
        }

        return new RecommendationList(list, strategy, notes);
    }
}
