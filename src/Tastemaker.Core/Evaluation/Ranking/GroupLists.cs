using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Evaluation.Ranking;

/// <summary>
/// The best items of a group of requests, selected from one part of the catalog after another: a part's scores are checked, masked and ranked while
/// they are in cache, and no more than a part is ever kept. Working memory of one thread, used again for every group.
/// </summary>
internal sealed class GroupLists
{
    private const int MostRequests = 96; // each reading of the items' vectors serves all of them
    private const int Together = 6; // what products take at once
    private const int MostEntries = 1 << 20; // of all lists
    private const int MostFloats = 1 << 16; // 256 KiB, which leaves room for a part's vectors in a core's second-level cache

    private readonly int catalog;
    private readonly int length;
    private readonly int room;
    private readonly int floats;
    private readonly float[] scores;
    private readonly int[] items;
    private readonly float[] values;
    private readonly int[] counts;
    private readonly float[] thresholds;
    private readonly int[] masked;
    private readonly float[] leads;
    private readonly bool[] flat;
    private readonly bool[] finite;

    /// <summary>Memory for lists over a catalog.</summary>
    /// <param name="catalog">Number of items.</param>
    /// <param name="length">Length of a list, K.</param>
    /// <param name="bytes">Bytes that scores may take; at least one request by 64 items is kept.</param>
    /// <param name="requests">Number of requests that groups are made of.</param>
    /// <param name="threads">Threads that share the groups.</param>
    public GroupLists(int catalog, int length, long bytes, int requests, int threads)
    {
        (this.catalog, this.length) = (catalog, Math.Min(length, catalog));
        room = Selection.Room(this.length);
        floats = (int)Math.Clamp(bytes / sizeof(float), IPartialScores.Grain, MostFloats);
        Requests = Math.Clamp(Math.Min(floats / IPartialScores.Grain, MostEntries / room), 1, GroupSize(requests, threads));
        scores = new float[floats];
        items = new int[Requests * room];
        values = new float[items.Length];
        thresholds = new float[Requests];
        (counts, masked, leads) = (new int[Requests], new int[Requests], new float[Requests]);
        (flat, finite) = (new bool[Requests], new bool[Requests]);
    }

    /// <summary>Most requests of a group.</summary>
    public int Requests { get; }

    /// <summary>Selects the lists of a group.</summary>
    /// <param name="parts">Scores the requests.</param>
    /// <param name="first">First request of the group, in <paramref name="parts"/>.</param>
    /// <param name="count">Number of requests, at most <see cref="Requests"/>.</param>
    /// <param name="excluded">A row a request: items that are no candidates, ascending; null for none.</param>
    /// <param name="firstRow">Row of the group's first request in <paramref name="excluded"/>.</param>
    public void Select(IPartialScores parts, int first, int count, SparseRows? excluded, int firstRow)
    {
        counts.AsSpan(0, count).Clear();
        thresholds.AsSpan(0, count).Fill(float.NegativeInfinity);
        masked.AsSpan(0, count).Clear();
        flat.AsSpan(0, count).Fill(catalog > 1);
        finite.AsSpan(0, count).Fill(true);
        var most = floats / count / IPartialScores.Grain * IPartialScores.Grain;
        for (var item = 0; item < catalog; item += most)
        {
            var width = Math.Min(most, catalog - item);
            parts.Fill(first..(first + count), item, width, scores, width);
            for (var row = 0; row < count; row++)
            {
                Take(row, item, scores.AsSpan(row * width, width), excluded is null ? [] : excluded[firstRow + row]);
            }
        }

        for (var row = 0; row < count; row++)
        {
            counts[row] = SelectionOf(row).Finish();
        }
    }

    /// <summary>The list of a request of the group: item indexes, best first, equal scores by index.</summary>
    public ReadOnlySpan<int> Items(int row) => items.AsSpan(row * room, counts[row]);

    /// <summary>The scores of <see cref="Items"/>.</summary>
    public ReadOnlySpan<float> Scores(int row) => values.AsSpan(row * room, counts[row]);

    /// <summary>Whether all scores of a request are equal; see <see cref="IPartialScorer.Begin"/>.</summary>
    public bool IsFlat(int row) => flat[row];

    /// <summary>Whether all scores of a request are finite; its list means nothing otherwise.</summary>
    public bool IsFinite(int row) => finite[row];

    // A group for each thread where requests are few; not less than is multiplied together.
    private static int GroupSize(int requests, int threads)
    {
        var share = (requests + threads - 1) / threads;
        return Math.Min((share + Together - 1) / Together * Together, MostRequests);
    }

    private void Take(int row, int first, Span<float> part, ReadOnlySpan<int> excluded)
    {
        finite[row] &= ScoreScan.FirstNotFinite(part) < 0;
        leads[row] = first == 0 ? part[0] : leads[row];
        flat[row] = flat[row] && !part.ContainsAnyExcept(leads[row]);
        var end = first + part.Length;
        for (; masked[row] < excluded.Length && excluded[masked[row]] < end; masked[row]++)
        {
            part[excluded[masked[row]] - first] = float.NegativeInfinity;
        }

        if (finite[row])
        {
            var selection = SelectionOf(row);
            selection.Add(part, first);
            (counts[row], thresholds[row]) = (selection.Count, selection.Threshold);
        }
    }

    private Selection SelectionOf(int row) =>
        new(length, items.AsSpan(row * room, room), values.AsSpan(row * room, room)) { Count = counts[row], Threshold = thresholds[row] };
}
