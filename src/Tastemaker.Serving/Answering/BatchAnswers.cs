using Tastemaker.Recommending;
using Tastemaker.Serving.Catalog;
using Tastemaker.Serving.Live;
using Tastemaker.Serving.Models;

namespace Tastemaker.Serving.Answering;

/// <summary>Answers queries with the model that is there when they are looked at: those that can by one pass over the catalog, the others one by one.</summary>
internal sealed class BatchAnswers(ModelHost models, LiveHistories live, ItemCatalog catalog)
{
    private const int MostNamed = 5;

    /// <summary>A query with what must be fetched for it.</summary>
    public static Asked Ask(RecommendationQuery query)
    {
        var wanted = query.Skip + query.Count;
        return new Asked(query, query.Diversity > 0 ? Diversity.Fetched(wanted) : wanted);
    }

    /// <summary>The answers, in the order of the queries.</summary>
    public IReadOnlyList<RecommendationAnswer> Answer(IReadOnlyList<Asked> asked)
    {
        using var model = models.Rent();
        var recommender = model.Recommender;
        var requests = asked.Select(one => Known(live.Complete(catalog.Complete(one.Request, recommender), model), recommender)).ToArray();
        var lists = new RecommendationList[asked.Count];
        int[] together = [.. Enumerable.Range(0, lists.Length).Where(place => asked[place].CanJoin)];
        if (together.Length > 1)
        {
            var fetched = together.Max(place => asked[place].Fetched + asked[place].Excluded.Count);
            var found = recommender.RecommendAll([.. together.Select(place => requests[place])], fetched);
            for (var place = 0; place < together.Length; place++)
            {
                lists[together[place]] = Without(found[place], asked[together[place]]);
            }
        }

        for (var place = 0; place < lists.Length; place++)
        {
            lists[place] ??= recommender.Recommend(requests[place], asked[place].Fetched, asked[place].Query.Filter);
        }

        return [.. lists.Select((list, place) => Finish(list, requests[place], asked[place].Query, model))];
    }

    private static RecommendationList Without(RecommendationList list, Asked asked)
    {
        var excluded = asked.Excluded.Count > 0 ? asked.Excluded.ToHashSet() : [];
        return list with { Items = [.. list.Items.Where(item => !excluded.Contains(item.Item)).Take(asked.Fetched)] };
    }

    private static RecommendationAnswer Finish(RecommendationList list, Request request, RecommendationQuery query, ModelLease model)
    {
        var notes = list.Notes.ToList();
        NoteUnknown(query.Request, model.Recommender, notes);
        var items = query.Diversity > 0 ? Diversity.Reorder(list.Items, model.Recommender, query.Diversity, query.Skip + query.Count, notes) : list.Items;
        items = [.. items.Skip(query.Skip).Take(query.Count)];
        var reasons = query.Explain ? Explanations.Of(items, request, model.Recommender, notes) : null;
        var answer = new RecommendationAnswer(
            [.. items.Select((item, rank) => new RecommendedItem(item.Item, item.Title, item.Score, reasons?[rank]))], list.Strategy, notes, model.Card.Version);
        model.Watch.Show(answer);
        return answer;
    }

    // The recommender would look for the nearest title to each item it does not know: good for a person at a terminal, dear for a service.
    private static Request Known(Request request, IRecommender recommender) =>
        request.History is { } history && history.Any(item => recommender.Items.IndexOf(item) < 0)
            ? request with { History = [.. history.Where(item => recommender.Items.IndexOf(item) >= 0)] }
            : request;

    private static void NoteUnknown(Request request, IRecommender recommender, List<string> notes)
    {
        string[] unknown = [.. (request.History ?? []).Where(item => recommender.Items.IndexOf(item) < 0)];
        if (unknown.Length > 0)
        {
            var more = unknown.Length > MostNamed ? $" and {unknown.Length - MostNamed} more" : "";
            notes.Add($"Items of the history that are not in the catalog were left out: {string.Join(", ", unknown.Take(MostNamed).Select(item => $"'{item}'"))}{more}.");
        }
    }
}

/// <summary>A query on its way to the model.</summary>
/// <param name="Query">What the caller wants.</param>
/// <param name="Fetched">Items to fetch: those to pass over, those wanted, and what diversity chooses from.</param>
internal sealed record Asked(RecommendationQuery Query, int Fetched)
{
    private const int MostExcluded = 512;

    /// <summary>Whether it can be answered with others by one pass: its filter only leaves out a few items.</summary>
    public bool CanJoin => Query.Filter is null or { IncludeSeen: null, Candidates: null, Exclude.Count: <= MostExcluded };

    /// <summary>Items that its filter leaves out.</summary>
    public IReadOnlyCollection<string> Excluded => Query.Filter?.Exclude ?? [];

    /// <summary>The query's request.</summary>
    public Request Request => Query.Request;
}
