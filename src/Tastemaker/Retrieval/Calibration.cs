using Tastemaker.Data;

namespace Tastemaker.Retrieval;

/// <summary>
/// Chooses how lists are ranked and how many are read, so that sampled queries find the wished share of their truly best items while reading as
/// few items as possible.
/// </summary>
internal sealed class Calibration(ItemLists lists, float[] queries, int depth)
{
    private static readonly float[] Reaches = [0, 0.25f, 0.5f, 0.75f, 1, 1.5f, 2];

    private readonly int rows = queries.Length / lists.Dimension;
    private readonly int depth = Math.Min(depth, lists.ItemCount);

    /// <summary>The cheapest of several reaches, the number of lists to read with it, and the recall that it had on the queries.</summary>
    /// <param name="ranking">The lists.</param>
    /// <param name="aim">Wished recall.</param>
    public (ListRanking Ranking, int Probes, double Recall) Choose(ListRanking ranking, double aim)
    {
        var homes = Homes(ranking);
        var best = Reaches.Select(reach => (Ranking: ranking.With(reach), Curve: Curve(ranking.With(reach), homes)))
            .Select(choice => (choice.Ranking, choice.Curve, Probes: Enough(choice.Curve.Recall, aim)))
            .MinBy(choice => choice.Curve.Read[choice.Probes - 1]);
        return (best.Ranking, best.Probes, best.Curve.Recall[best.Probes - 1]);
    }

    /// <summary>The recall of a ranking with a number of lists read.</summary>
    public double Recall(ListRanking ranking, int probes) => Curve(ranking, Homes(ranking)).Recall[probes - 1];

    // The list of each of a query's truly best items [queries, depth]: all lists are read.
    private int[] Homes(ListRanking ranking)
    {
        var homeOf = new int[lists.ItemCount];
        for (var list = 0; list < lists.Count; list++)
        {
            foreach (var item in lists.Members[list])
            {
                homeOf[item] = list;
            }
        }

        var (items, scores) = (new int[rows * depth], new float[rows * depth]);
        InvertedIndex.SearchGroups(lists, ranking, lists.Count, queries, depth, items, scores);
        return Array.ConvertAll(items, item => homeOf[item]);
    }

    // Mean recall, and mean number of items read, by number of lists read (from 1).
    private (double[] Recall, double[] Read) Curve(ListRanking ranking, int[] homes)
    {
        var (recall, read) = (new double[lists.Count], new double[lists.Count]);
        var (scores, places, order) = (new float[lists.Count], new int[lists.Count], new int[lists.Count]);
        for (var query = 0; query < rows; query++)
        {
            ranking.Score(queries.AsSpan(query * lists.Dimension, lists.Dimension), scores);
            for (var list = 0; list < order.Length; list++)
            {
                (order[list], scores[list]) = (list, -scores[list]);
            }

            Array.Sort(scores, order);
            for (var place = 0; place < order.Length; place++)
            {
                places[order[place]] = place;
                read[place] += lists.Members.Length(order[place]);
            }

            foreach (var home in homes.AsSpan(query * depth, depth))
            {
                recall[places[home]]++;
            }
        }

        return (Sums(recall, (double)rows * depth), Sums(read, rows));
    }

    private static double[] Sums(double[] parts, double unit)
    {
        var sum = 0.0;
        return Array.ConvertAll(parts, part => (sum += part) / unit);
    }

    private static int Enough(double[] recall, double aim)
    {
        var probes = Array.FindIndex(recall, reached => reached >= aim);
        return probes < 0 ? recall.Length : probes + 1;
    }
}
