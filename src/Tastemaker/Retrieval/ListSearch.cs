using Tastemaker.Evaluation.Ranking;

namespace Tastemaker.Retrieval;

/// <summary>
/// Searches lists for a group of queries: those that read a list read it together. Working memory of one thread, used again for the next group.
/// Lists are read in their order whatever the query, so that a query finds the same alone as in a group.
/// </summary>
/// <param name="lists">The items.</param>
/// <param name="ranking">The order of lists for a query.</param>
/// <param name="length">Items to find for each query.</param>
/// <param name="most">Most queries of a group.</param>
internal sealed class ListSearch(ItemLists lists, ListRanking ranking, int length, int most)
{
    private const int RankedTogether = 48;
    private const int PartFloats = 1 << 15; // 128 KiB of scores, which stay in cache

    private readonly int length = Math.Min(length, lists.ItemCount);
    private readonly int room = Selection.Room(Math.Min(length, lists.ItemCount));
    private readonly int[] places = new int[most * Selection.Room(Math.Min(length, lists.ItemCount))];
    private readonly float[] values = new float[most * Selection.Room(Math.Min(length, lists.ItemCount))];
    private readonly int[] counts = new int[most];
    private readonly float[] thresholds = new float[most];
    private readonly float[] gathered = new float[most * lists.Dimension];
    private readonly float[] zeros = new float[most];
    private readonly float[] ranks = new float[Math.Min(most, RankedTogether) * ranking.Count];
    private readonly int[] chosen = new int[ranking.Count];
    private readonly float[] promise = new float[ranking.Count];
    private readonly List<long> visits = []; // list in the upper half, query in the lower
    private float[] scores = new float[PartFloats];

    /// <summary>Most queries of a group.</summary>
    public int Most => most;

    /// <summary>Finds the best of what the most promising lists hold.</summary>
    /// <param name="queries">Vectors [group, dimension].</param>
    /// <param name="probes">Lists to read for each; more where these hold fewer items than are to be found.</param>
    /// <param name="items">Receives [group, stride].</param>
    /// <param name="found">Receives the scores [group, stride].</param>
    /// <param name="stride">From one row to the next.</param>
    public void Search(ReadOnlySpan<float> queries, int probes, Span<int> items, Span<float> found, int stride)
    {
        var group = queries.Length / lists.Dimension;
        Choose(queries, group, probes);
        counts.AsSpan(0, group).Clear();
        thresholds.AsSpan(0, group).Fill(float.NegativeInfinity);
        for (int from = 0, to; from < visits.Count; from = to)
        {
            var list = (int)(visits[from] >> 32);
            for (to = from; to < visits.Count && (int)(visits[to] >> 32) == list; to++)
            {
                var query = (int)visits[to];
                queries.Slice(query * lists.Dimension, lists.Dimension).CopyTo(gathered.AsSpan((to - from) * lists.Dimension));
            }

            Read(list, from, to - from);
        }

        for (var query = 0; query < group; query++)
        {
            Finish(query, items[(query * stride)..], found[(query * stride)..]);
        }
    }

    private void Choose(ReadOnlySpan<float> queries, int group, int probes)
    {
        visits.Clear();
        for (var first = 0; first < group; first += RankedTogether)
        {
            var rows = Math.Min(RankedTogether, group - first);
            ranking.Score(queries.Slice(first * lists.Dimension, rows * lists.Dimension), ranks);
            for (var row = 0; row < rows; row++)
            {
                var best = Best(ranks.AsSpan(row * ranking.Count, ranking.Count), probes);
                foreach (var list in chosen.AsSpan(0, best))
                {
                    visits.Add(((long)list << 32) | (uint)(first + row));
                }
            }
        }

        visits.Sort();
    }

    // Puts the lists to read into chosen; returns their number.
    private int Best(ReadOnlySpan<float> ranks, int probes)
    {
        for (var number = Math.Min(probes, ranking.Count); ; number = Math.Min(2 * number, ranking.Count))
        {
            TopK.Select(ranks, chosen.AsSpan(0, number), promise.AsSpan(0, number));
            var held = 0;
            foreach (var list in chosen.AsSpan(0, number))
            {
                held += lists.Members.Length(list);
            }

            if (held >= length || number == ranking.Count)
            {
                return number;
            }
        }
    }

    private void Read(int list, int visit, int readers)
    {
        var (start, count) = lists.Places(list).GetOffsetAndLength(int.MaxValue);
        var queries = gathered.AsSpan(0, readers * lists.Dimension);
        var most = Math.Max(64, PartFloats / readers / 64 * 64);
        for (var place = start; place < start + count; place += most)
        {
            var width = Math.Min(most, start + count - place);
            if (scores.Length < readers * width)
            {
                scores = new float[readers * width];
            }

            lists.Multiply(queries, zeros.AsSpan(0, readers), place, width, scores);
            for (var reader = 0; reader < readers; reader++)
            {
                var query = (int)visits[visit + reader];
                var selection = SelectionOf(query);
                selection.Add(scores.AsSpan(reader * width, width), place);
                (counts[query], thresholds[query]) = (selection.Count, selection.Threshold);
            }
        }
    }

    private void Finish(int query, Span<int> items, Span<float> found)
    {
        var selection = SelectionOf(query);
        var count = selection.Finish();
        for (var rank = 0; rank < count; rank++)
        {
            items[rank] = lists.ItemAt(places[(query * room) + rank]);
        }

        values.AsSpan(query * room, count).CopyTo(found);

        // Equal scores come in the order of places; they are to be in that of items.
        for (int from = 0, to; from < count; from = to)
        {
            for (to = from + 1; to < count && found[to] == found[from]; to++)
            {
            }

            items[from..to].Sort();
        }
    }

    private Selection SelectionOf(int query) =>
        new(length, places.AsSpan(query * room, room), values.AsSpan(query * room, room)) { Count = counts[query], Threshold = thresholds[query] };
}
