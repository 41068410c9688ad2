using Tastemaker.Recommending;

namespace Tastemaker.Serving.Answering;

/// <summary>
/// Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): the next item is the one with the largest (1 - d) s - d max sim to those above, where s is the
/// score brought to 0..1 over the candidates and sim the cosine of item vectors.
/// </summary>
internal static class Diversity
{
    // More than this changes little, and costs a similarity with each item above.
    private const int ChosenFrom = 5;
    private const int MostChosenFrom = 500;

    /// <summary>How many of the best items a list of some length is chosen from.</summary>
    public static int Fetched(int count) => Math.Max(count, Math.Min(MostChosenFrom, ChosenFrom * count));

    /// <summary>The first <paramref name="count"/> items in their new order. Systems without item vectors keep the old one, and a note says so.</summary>
    public static IReadOnlyList<Recommendation> Reorder(
        IReadOnlyList<Recommendation> items, IRecommender recommender, double diversity, int count, List<string> notes)
    {
        if (items.Count < 2)
        {
            return items;
        }

        if (recommender.As<IVectorRecommender>() is not { } vectors)
        {
            notes.Add($"{recommender.System} gives items no vectors: diversity had no effect.");
            return items;
        }

        var table = UnitVectors.Of(recommender.Items, vectors, [.. items.Select(item => item.Item)]);
        var (least, span) = (items[^1].Score, Math.Max(items[0].Score - items[^1].Score, float.Epsilon));
        var nearest = new double[items.Count]; // to what is chosen
        Array.Fill(nearest, double.NegativeInfinity);
        var (left, chosen) = (Enumerable.Range(0, items.Count).ToList(), new List<Recommendation>(count));
        while (chosen.Count < count && left.Count > 0)
        {
            var best = left.MaxBy(place => ((1 - diversity) * (items[place].Score - least) / span) - (chosen.Count == 0 ? 0 : diversity * nearest[place]));
            left.Remove(best);
            chosen.Add(items[best]);
            foreach (var place in left)
            {
                nearest[place] = Math.Max(nearest[place], UnitVectors.Cosine(table, place, best));
            }
        }

        return chosen;
    }
}
