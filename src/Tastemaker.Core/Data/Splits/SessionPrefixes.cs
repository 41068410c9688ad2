using Tastemaker.Recommending;

namespace Tastemaker.Data.Splits;

/// <summary>
/// Turns sessions into requests: every event but the first is a target, the events before it are the history, and the user is unseen.
/// Items absent from training are removed first, then sessions of a single event.
/// </summary>
/// <param name="data">The data the sessions are rows of.</param>
/// <param name="train">What is learned from; its vocabulary is the catalog.</param>
/// <param name="description">The split, for messages.</param>
/// <param name="notes">Receives what was left out.</param>
internal sealed class SessionPrefixes(Dataset data, TrainingSet train, string description, List<string> notes)
{
    private readonly int[] catalog = [.. data.Items.Ids.Select(id => train.Data.Items.IndexOf(id))];

    /// <summary>The requests of the sessions that consist of some rows.</summary>
    /// <param name="order">Rows by session, oldest first.</param>
    /// <param name="belongs">Whether a row is of this part.</param>
    /// <param name="name">The part, for notes.</param>
    /// <exception cref="InputException">No session of two events remains, or there are too many long ones.</exception>
    public HoldOut Hold(UserTimelines order, Predicate<int> belongs, string name)
    {
        var sessions = Known(order, belongs, name);
        var entries = sessions.Sum(session => (long)session.Count * (session.Count - 1) / 2);
        if (entries == 0)
        {
            throw new InputException($"The split '{description}' has no {name} session with two items that occur in training. Use a longer part or more data.");
        }

        if (entries > Array.MaxLength)
        {
            throw new InputException($"The split '{description}' has {name} sessions so long that their prefixes do not fit an array ({entries} entries). Cut long sessions first.");
        }

        var (histories, targets) = (new RowsBuilder(data.Interactions), new RowsBuilder(data.Interactions));
        foreach (var session in sessions)
        {
            for (var place = 1; place < session.Count; place++)
            {
                foreach (var row in session[..place])
                {
                    histories.Add(row, catalog[data.Interactions.Items[row]]);
                }

                targets.Add(session[place], catalog[data.Interactions.Items[session[place]]]);
                histories.EndRow();
                targets.EndRow();
            }
        }

        var unknown = new int[targets.RowCount];
        Array.Fill(unknown, -1);
        return new HoldOut
        {
            Requests = new RequestBatch(unknown, histories.Build(train.ItemCount)),
            Targets = targets.Build(train.ItemCount),
        };
    }

    private List<List<int>> Known(UserTimelines order, Predicate<int> belongs, string name)
    {
        var sessions = new List<List<int>>();
        var (absent, single) = (0, 0);
        for (var session = 0; session < order.UserCount; session++)
        {
            var known = new List<int>();
            var present = false;
            foreach (var row in order[session])
            {
                var isMine = belongs(row);
                var isKnown = isMine && catalog[data.Interactions.Items[row]] >= 0;
                present |= isMine;
                absent += isMine && !isKnown ? 1 : 0;
                if (isKnown)
                {
                    known.Add(row);
                }
            }

            if (known.Count > 1)
            {
                sessions.Add(known);
            }
            else if (present)
            {
                single++;
            }
        }

        if (absent + single > 0)
        {
            notes.Add($"{absent} {name} events of items that never occur in training were left out, and {single} {name} sessions of fewer than two remaining events.");
        }

        return sessions;
    }
}
