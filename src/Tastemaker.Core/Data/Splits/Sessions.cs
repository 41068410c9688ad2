using Tastemaker.Data.Syntax;

namespace Tastemaker.Data.Splits;

/// <summary>
/// Whole sessions (the data's users), cut by time as in the GRU4Rec papers: sessions of the last day are tested, each of their events but
/// the first is asked for, given the events before it. Nothing is excluded: repeats are natural in sessions.
/// </summary>
/// <param name="TestSeconds">Length of the test part, back from the last event of the data. <value>86400, a day</value></param>
/// <param name="ValidationSeconds">Length of the validation part, back from the last event of the remaining sessions; 0 for none. <value>86400</value></param>
/// <param name="By">Whether a session is placed by its last or its first event. <value>last</value></param>
public sealed record Sessions(int TestSeconds = Sessions.Day, int ValidationSeconds = Sessions.Day, SessionTimestamp By = SessionTimestamp.Last) : Splitter
{
    /// <summary>Seconds of a day.</summary>
    public const int Day = 86400;

    /// <inheritdoc/>
    protected override Split Divide(Dataset data, ulong seed)
    {
        Check(data, "give the parts as files: given(test=FILE,kind=sessions)");
        var parts = new SplitPart[data.Interactions.Count];
        var order = new UserTimelines(data.Interactions, data.Users.Count);
        List<string> notes = [.. Tied(data.Interactions.Times, order)];
        Cut(data, order, parts, TestSeconds, SplitPart.Test, notes);
        if (ValidationSeconds > 0)
        {
            Cut(data, order, parts, ValidationSeconds, SplitPart.Validation, notes);
        }

        int[] rows = [.. data.AllRows().Where(row => parts[row] == SplitPart.Train)];
        if (rows.Length == 0)
        {
            throw new InputException($"The split '{this}' leaves no session of '{data.Name}' to train on. Use fewer seconds.");
        }

        var train = new TrainingSet(data.Restrict(rows, $"training part of {Describe(seed)}"));
        var prefixes = new SessionPrefixes(data, train, Describe(seed), notes);
        return new Split
        {
            Description = Describe(seed),
            Train = train,
            SeenAreCandidates = true,
            Validation = ValidationSeconds > 0 ? prefixes.Hold(order, row => parts[row] == SplitPart.Validation, "validation") : null,
            Test = prefixes.Hold(order, row => parts[row] == SplitPart.Test, "test"),
            Notes = notes,
        };
    }

    private static IEnumerable<string> Tied(ReadOnlySpan<long> times, UserTimelines order)
    {
        var (longer, tied) = (0, 0);
        for (var session = 0; session < order.UserCount; session++)
        {
            var rows = order[session];
            longer += rows.Length > 1 ? 1 : 0;
            tied += rows.Length > 1 && times[rows[0]] == times[rows[^1]] ? 1 : 0;
        }

        return 2 * tied <= longer ? [] :
            [$"In {tied:N0} of {longer:N0} sessions of two events or more all events have the same time: their order is that of the source. If a numeric column tells the order, use the filter order-by(column=NAME)."];
    }

    /// <inheritdoc/>
    public override string ToString() => SyntaxCall.Print("sessions", ("test-seconds", TestSeconds), ("validation-seconds", ValidationSeconds), ("by", By));

    internal override bool DividesLabelled => false;

    internal override IEnumerable<string> Problems()
    {
        if (TestSeconds < 1)
        {
            yield return $"test-seconds must be at least 1, not {TestSeconds}.";
        }

        if (ValidationSeconds < 0)
        {
            yield return $"validation-seconds must be 0 (none) or more, not {ValidationSeconds}.";
        }
    }

    // Moves the sessions of the last so many seconds of what is still training into a part. Placed by their first event, sessions that
    // reach across the cut lose what lies behind it, so that training ends where the part begins.
    private void Cut(Dataset data, UserTimelines order, SplitPart[] parts, int seconds, SplitPart part, List<string> notes)
    {
        var times = data.Interactions.Times;
        var last = long.MinValue;
        for (var row = 0; row < parts.Length; row++)
        {
            last = parts[row] == SplitPart.Train ? Math.Max(last, times[row]) : last;
        }

        var from = last - Timestamps.OfSeconds(seconds);
        var (moved, cut) = (0, 0);
        for (var session = 0; session < order.UserCount; session++)
        {
            var rows = order[session];
            if (rows.IsEmpty || parts[rows[0]] != SplitPart.Train)
            {
                continue;
            }

            var isLater = times[By == SessionTimestamp.First ? rows[0] : rows[^1]] >= from;
            moved += isLater ? 1 : 0;
            foreach (var row in rows)
            {
                if (parts[row] == SplitPart.Train && (isLater || times[row] >= from))
                {
                    parts[row] = isLater ? part : SplitPart.Dropped;
                    cut += isLater ? 0 : 1;
                }
            }
        }

        var name = part.ToString().ToLowerInvariant();
        notes.Add($"The {name} part holds {moved} sessions from {Timestamps.Print(from)}{(cut > 0 ? $"; {cut} later events of earlier sessions were left out" : "")}.");
    }
}

/// <summary>By which of its events a session is placed in time.</summary>
public enum SessionTimestamp
{
    /// <summary>Its last event: sessions that reach into the last day are tested.</summary>
    Last,

    /// <summary>Its first event: sessions that begin in the last day are tested, and training ends where that day begins.</summary>
    First,
}
