using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Recommending;

namespace Tastemaker.Bench.Measuring;

/// <summary>Users with histories and held-out items drawn uniformly: what ranking costs does not depend on whose taste it is.</summary>
internal sealed class RankingWorld
{
    private const int SeenItems = 130; // together MovieLens-1M's 165 interactions a user, a fifth of them held out
    private const int Targets = 33;

    /// <summary>Draws the histories.</summary>
    public RankingWorld(int users, int items)
    {
        var (seen, targets) = (new List<int[]>(users), new List<int[]>(users));
        for (var user = 0; user < users; user++)
        {
            var own = Distinct(new SeededRandom(42, (ulong)user), items, Math.Min(SeenItems + Targets, Math.Max(2, items / 3)));
            var held = Math.Max(1, own.Length * Targets / (SeenItems + Targets));
            targets.Add([.. own[..held].Order()]);
            seen.Add([.. own[held..].Order()]);
        }

        var rows = SparseRows.FromRows(seen, items);
        Train = new TrainingSet(new Dataset
        {
            Name = "generated",
            Users = new Vocabulary(Enumerable.Range(0, users).Select(user => $"u{user}")),
            Items = new Vocabulary(Enumerable.Range(0, items).Select(item => $"i{item}")),
            Interactions = new Interactions([.. seen.SelectMany((own, user) => own.Select(_ => user))], rows.Columns.ToArray()),
        });
        HoldOut = new HoldOut
        {
            Requests = new RequestBatch([.. Enumerable.Range(0, users)], rows), Targets = SparseRows.FromRows(targets, items), Excluded = rows,
        };
    }

    public TrainingSet Train { get; }

    public HoldOut HoldOut { get; }

    private static int[] Distinct(SeededRandom random, int items, int count)
    {
        var drawn = new HashSet<int>(count);
        while (drawn.Count < count)
        {
            drawn.Add(random.Next(items));
        }

        return [.. drawn];
    }
}
