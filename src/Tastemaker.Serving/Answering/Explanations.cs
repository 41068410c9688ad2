using Tastemaker.Models;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Serving.Answering;

/// <summary>
/// Why items are recommended: what their scores lose without an item of the history, without a feature, or without a word. RecommendationQuery of the system itself, so it holds whatever its
/// inside; a system that says neither explains nothing, and a note says so.
/// </summary>
internal static class Explanations
{
    private const int MostReasons = 3;

    /// <summary>The reasons for each item, strongest first; null where there are none to give.</summary>
    public static IReadOnlyList<IReadOnlyList<Reason>>? Of(IReadOnlyList<Recommendation> items, Request request, IRecommender recommender, List<string> notes)
    {
        var (before, trained) = (notes.Count, TrainedRecommender.In(recommender));
        int[] listed = [.. items.Select(item => recommender.Items.IndexOf(item.Item))];
        var reasons = trained switch
        {
            { Model: FeatureModel model } => FeatureReasons.Of(listed, request, trained, model, notes),
            { } when trained.Info.Answers.HasFlag(Capabilities.Histories) => HistoryReasons.Of(listed, request, trained, notes),
            { } when ResolvedRequest.TextOf(trained) is { } texts => WordReasons.Of(listed, request, trained, texts, notes),
            _ => null,
        };
        if (reasons is null && notes.Count == before)
        {
            notes.Add($"{recommender.System} reads neither histories nor features nor texts of requests: there is nothing to explain from.");
        }

        return reasons is null ? null : [.. reasons.Select(IReadOnlyList<Reason> (all) => [.. all.Where(reason => reason.Weight > 0).OrderByDescending(reason => reason.Weight).Take(MostReasons)])];
    }
}
