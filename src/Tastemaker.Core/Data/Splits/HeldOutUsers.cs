using Tastemaker.Evaluation;
using Tastemaker.Recommending;

namespace Tastemaker.Data.Splits;

/// <summary>Makes requests of cold-start users out of users that were held out whole: part of their items is told, the rest is asked for.</summary>
/// <param name="data">The whole data.</param>
/// <param name="order">Its rows by user.</param>
/// <param name="train">What is learned from; its vocabulary is the catalog.</param>
/// <param name="choose">For a user: marks the targets among so many distinct items, oldest first.</param>
internal sealed class HeldOutUsers(Dataset data, UserTimelines order, TrainingSet train, Func<int, Func<int, bool[]>> choose)
{
    private readonly int[] catalog = [.. data.Items.Ids.Select(id => train.Data.Items.IndexOf(id))];
    private readonly bool[] trained = Trained(train);

    /// <summary>Whether requests carry the features and texts of their users.</summary>
    public bool TellsFeatures { get; init; }

    /// <summary>The training set of some users' whole rows; with <paramref name="shrink"/>, without the users and items that no longer occur.</summary>
    public static TrainingSet TrainOn(Dataset data, ReadOnlySpan<int> users, string because, bool shrink)
    {
        var chosen = new bool[data.Users.Count];
        foreach (var user in users)
        {
            chosen[user] = true;
        }

        int[] rows = [.. data.AllRows().Where(row => chosen[data.Interactions.Users[row]])];
        return rows.Length > 0
            ? new TrainingSet(data.Restrict(rows, because, shrink))
            : throw new InputException($"The {because} is empty. Use smaller shares or more data.");
    }

    /// <summary>Marks the targets among a user's items: a random share, rounded down; none for users with fewer than <see cref="StrongGeneralization.LeastItems"/>.</summary>
    public static Func<int, bool[]> RandomShare(decimal share, SeededRandom random) => items =>
    {
        var target = new bool[items];
        if (items >= StrongGeneralization.LeastItems)
        {
            foreach (var item in SplitFractions.Shuffled(items, random).AsSpan(0, share.Of(items)))
            {
                target[item] = true;
            }
        }

        return target;
    };

    /// <summary>The requests of some users.</summary>
    /// <exception cref="InputException">No user has a target.</exception>
    public HoldOut Hold(ReadOnlySpan<int> users, string part, string description, List<string> notes)
    {
        var (told, asked) = (new RowsBuilder(data.Interactions), new RowsBuilder(data.Interactions));
        var (skipped, dropped, unseen) = (0, 0, 0);
        var features = TellsFeatures ? data.UserFeatures : null;
        List<IReadOnlyDictionary<string, string>?> said = [];
        foreach (var user in users)
        {
            var rows = Distinct(order[user], ref dropped);
            var target = choose(user)(rows.Count);
            if (!target.AsSpan().Contains(true))
            {
                skipped++;
                continue;
            }

            foreach (var place in Enumerable.Range(0, rows.Count).Where(place => !target[place]))
            {
                told.Add(rows[place], catalog[data.Interactions.Items[rows[place]]]);
            }

            foreach (var row in rows.Where((_, place) => target[place]).OrderBy(row => catalog[data.Interactions.Items[row]]))
            {
                unseen += trained[catalog[data.Interactions.Items[row]]] ? 0 : 1;
                asked.Add(row, catalog[data.Interactions.Items[row]]);
            }

            told.EndRow();
            asked.EndRow();
            said.Add(features?.Describe(user) is { Count: > 0 } own ? own : null);
        }

        if (asked.RowCount == 0)
        {
            throw new InputException($"The split '{description}' has no {part} user with enough items. Hold out more users, or drop users with few items first.");
        }

        notes.AddRange(Notes(part, users.Length, skipped, dropped, unseen, asked.EntryCount));
        var histories = told.Build(train.ItemCount);
        var coldStart = new int[asked.RowCount];
        Array.Fill(coldStart, -1);
        return new HoldOut
        {
            Requests = new RequestBatch(coldStart, histories, features is null ? null : [.. said]),
            Targets = asked.Build(train.ItemCount),
            Excluded = histories.SortedByColumn(),
        };
    }

    private static IEnumerable<string> Notes(string part, int users, int skipped, int dropped, int unseen, int targets)
    {
        if (skipped > 0)
        {
            yield return $"{skipped} of {users} {part} users have too few items and are not measured.";
        }

        if (dropped > 0)
        {
            yield return $"{dropped} {part} interactions were left out because their items never occur in training.";
        }

        if (unseen > 0)
        {
            yield return ColdTargets.Note(unseen, targets, part);
        }
    }

    private static bool[] Trained(TrainingSet train)
    {
        var trained = new bool[train.ItemCount];
        foreach (var item in train.Interactions.Items)
        {
            trained[item] = true;
        }

        return trained;
    }

    // The first row of each item of the catalog, oldest first.
    private List<int> Distinct(ReadOnlySpan<int> rows, ref int dropped)
    {
        var items = new HashSet<int>();
        var distinct = new List<int>(rows.Length);
        foreach (var row in rows)
        {
            var item = catalog[data.Interactions.Items[row]];
            if (item < 0)
            {
                dropped++;
            }
            else if (items.Add(item))
            {
                distinct.Add(row);
            }
        }

        return distinct;
    }
}
