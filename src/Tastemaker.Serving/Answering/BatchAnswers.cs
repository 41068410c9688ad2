using Tastemaker.Recommending;
using Tastemaker.Serving.Catalog;
using Tastemaker.Serving.Live;
using Tastemaker.Serving.Models;

namespace Tastemaker.Serving.Answering;

/// <summary>Answers queries with the model that is there when they are looked at: those that can by one pass over the catalog, the others one by one.</summary>
internal sealed class BatchAnswers(ModelHost models, LiveHistories live, ItemCatalog catalog)
{
    private const int MostNamed = 5;

    /// <summary>The answers, in the order of the queries.</summary>
    public IReadOnlyList<RecommendationList> Answer(IReadOnlyList<RecommendationQuery> queries)
    {
        using var model = models.Rent();
        var recommender = model.Recommender;
        var requests = queries.Select(one => Known(live.Complete(catalog.Complete(one.Request, recommender), model), recommender)).ToArray();
        var lists = new RecommendationList[queries.Count];
        int[] together = [.. Enumerable.Range(0, lists.Length).Where(place => queries[place].CanJoin)];
        if (together.Length > 1)
        {
            var fetched = together.Max(place => queries[place].Fetched + queries[place].Excluded.Count);
            var found = recommender.RecommendAll([.. together.Select(place => requests[place])], fetched);
            for (var place = 0; place < together.Length; place++)
            {
                lists[together[place]] = Without(found[place], queries[together[place]]);
            }
        }

        for (var place = 0; place < lists.Length; place++)
        {
            lists[place] ??= recommender.Recommend(requests[place], queries[place].Fetched, queries[place].Filter);
        }

        return [.. lists.Select((list, place) => Finish(list, requests[place], queries[place], model))];
    }

    private static RecommendationList Without(RecommendationList list, RecommendationQuery query)
    {
        var excluded = query.Excluded.Count > 0 ? query.Excluded.ToHashSet() : [];
        Recommendation[] left = [.. list.Items.Where(item => !excluded.Contains(item.Item)).Take(query.Fetched)];
        return list with { Items = left, Notes = left.Length == 0 && list.Items.Count > 0 ? [.. list.Notes, "The list is empty: all items that could be recommended are excluded."] : list.Notes };
    }

    private static RecommendationList Finish(RecommendationList list, Request request, RecommendationQuery query, ModelLease model)
    {
        var notes = list.Notes.ToList();
        NoteUnknown(query.Request, model.Recommender, notes);
        var items = query.Diversity > 0 ? Diversity.Reorder(list.Items, model.Recommender, query.Diversity, query.Skip + query.Count, notes) : list.Items;
        items = [.. items.Skip(query.Skip).Take(query.Count)];
        var reasons = query.Explain ? Explanations.Of(items, request, model.Recommender, notes) : null;
        var answer = new RecommendationList(reasons is null ? items : [.. items.Select((item, rank) => item with { Because = reasons[rank] })], list.Strategy, notes) { Model = model.Card.Version };
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
