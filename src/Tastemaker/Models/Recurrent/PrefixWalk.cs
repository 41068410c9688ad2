using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Models.Recurrent;

/// <summary>
/// The histories of a batch as one tree, so that what several of them begin with is walked once: a session of n events gives n requests, and n states instead of
/// n(n+1)/2. Level t holds the distinct first t+1 items of all histories.
/// </summary>
internal sealed class PrefixWalk
{
    private PrefixWalk(IReadOnlyList<Level> levels) => Levels = levels;

    /// <summary>The levels, the first items first; as many as the longest history has items.</summary>
    public IReadOnlyList<Level> Levels { get; }

    /// <summary>The distinct prefixes of one length.</summary>
    /// <param name="Items">The last item of each prefix.</param>
    /// <param name="Parents">The place on the level before of what each prefix continues; all 0 on the first.</param>
    /// <param name="Requests">Requests whose whole history is one of the prefixes.</param>
    /// <param name="Places">Which prefix that is, beside <see cref="Requests"/>.</param>
    public sealed record Level(int[] Items, long[] Parents, long[] Requests, long[] Places);

    /// <summary>The tree of a batch; requests without a history are on no level.</summary>
    public static PrefixWalk Of(RequestBatch requests)
    {
        // In the order of their items, histories that begin alike stand together, each behind what it continues.
        var order = new int[requests.Count];
        for (var request = 0; request < order.Length; request++)
        {
            order[request] = request;
        }

        Array.Sort(order, (one, other) => requests.History(one).SequenceCompareTo(requests.History(other)));
        var shared = new int[order.Length];
        var longest = order.Length == 0 ? 0 : requests.History(order[0]).Length;
        for (var place = 1; place < order.Length; place++)
        {
            shared[place] = requests.History(order[place - 1]).CommonPrefixLength(requests.History(order[place]));
            longest = Math.Max(longest, requests.History(order[place]).Length);
        }

        var prefix = new int[order.Length]; // the place of each history's prefix on the level before
        var levels = new Level[longest];
        for (var depth = 0; depth < longest; depth++)
        {
            levels[depth] = At(depth, requests, order, shared, prefix);
        }

        return new PrefixWalk(levels);
    }

    private static Level At(int depth, RequestBatch requests, int[] order, int[] shared, int[] prefix)
    {
        List<int> items = [];
        List<long> parents = [], ends = [], places = [];
        for (var place = 0; place < order.Length; place++)
        {
            var history = requests.History(order[place]);
            if (history.Length <= depth)
            {
                continue;
            }

            if (items.Count == 0 || shared[place] <= depth)
            {
                items.Add(history[depth]);
                parents.Add(prefix[place]);
            }

            prefix[place] = items.Count - 1;
            if (history.Length == depth + 1)
            {
                ends.Add(order[place]);
                places.Add(prefix[place]);
            }
        }

        return new Level([.. items], [.. parents], [.. ends], [.. places]);
    }
}
