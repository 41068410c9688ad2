namespace Tastemaker.Data.Splits;

/// <summary>Splits by files whose rows are events of sessions.</summary>
internal static class GivenSessions
{
    /// <summary>
    /// The split: sessions of the test and validation files are asked; the data set, less those of its sessions that are in these files,
    /// or only the sessions of a training file, is learned from.
    /// </summary>
    public static Split Split(GivenFiles files, Dataset data, string description)
    {
        List<string> notes = [];
        var test = Events(GivenFile.Read(files.Test, bySession: true), data);
        var validation = files.Validation is null ? null : Events(GivenFile.Read(files.Validation, bySession: true), data);
        var kept = files.Train is null ? All(data) : Named(files.Train, data);
        foreach (var held in new[] { test, validation })
        {
            if (held is not null)
            {
                Remove(held, data, kept, notes);
            }
        }

        int[] rows = [.. data.AllRows().Where(row => kept[data.Interactions.Users[row]])];
        if (rows.Length == 0)
        {
            throw new InputException($"The split '{description}' leaves no session of '{data.Name}' to train on.");
        }

        var train = new TrainingSet(data.Restrict(rows, $"training part of {description}"));
        return new Split
        {
            Description = description,
            Train = train,
            SeenAreCandidates = true,
            Validation = validation is null ? null : Hold(validation, train, description, "validation", notes),
            Test = Hold(test, train, description, "test", notes),
            Notes = notes,
        };
    }

    private static HoldOut Hold(Dataset events, TrainingSet train, string description, string name, List<string> notes) =>
        new SessionPrefixes(events, train, description, notes).Hold(new UserTimelines(events.Interactions, events.Users.Count), _ => true, name);

    // The file as a data set of its own.
    private static Dataset Events(GivenInteractions rows, Dataset data)
    {
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        if (rows.Times is { } times)
        {
            Array.Sort(order, (a, b) => times[a] != times[b] ? times[a].CompareTo(times[b]) : a.CompareTo(b));
        }

        var sessions = new Vocabulary(rows.Users.Distinct());
        var items = new Vocabulary(rows.Items.Distinct());
        return new Dataset
        {
            Name = rows.Path,
            Users = sessions,
            Items = items,
            Interactions = new Interactions(
                [.. order.Select(row => sessions.IndexOf(rows.Users[row]))],
                [.. order.Select(row => items.IndexOf(rows.Items[row]))],
                data.Interactions.HasValues && rows.Values is { } values ? [.. order.Select(row => values[row])] : null,
                rows.Times is { } moments ? [.. order.Select(row => moments[row])] : null),
        };
    }

    private static bool[] All(Dataset data)
    {
        var kept = new bool[data.Users.Count];
        Array.Fill(kept, true);
        return kept;
    }

    private static bool[] Named(string path, Dataset data)
    {
        var rows = GivenFile.Read(path, bySession: true);
        var kept = new bool[data.Users.Count];
        var unknown = new HashSet<string>();
        foreach (var id in rows.Users)
        {
            var session = data.Users.IndexOf(id);
            if (session < 0)
            {
                unknown.Add(id);
            }
            else
            {
                kept[session] = true;
            }
        }

        return unknown.Count == 0
            ? kept
            : throw new InputException($"'{path}' names {unknown.Count} sessions that '{data.Name}' does not have, such as '{unknown.Min(StringComparer.Ordinal)}'. Import that file itself and leave train out.");
    }

    // Files often number their sessions each from the start, so an equal name alone does not make two sessions one: the events of the held-out
    // one must be among those of the other. (It may have fewer, where a published file left out items unknown to training.)
    private static void Remove(Dataset held, Dataset data, bool[] kept, List<string> notes)
    {
        var (own, others) = (new UserTimelines(data.Interactions, data.Users.Count), new UserTimelines(held.Interactions, held.Users.Count));
        var (removed, namesakes) = (0, 0);
        for (var session = 0; session < held.Users.Count; session++)
        {
            var match = data.Users.IndexOf(held.Users[session]);
            if (match < 0 || !kept[match])
            {
                continue;
            }

            if (Contains(Items(data, own[match]), Items(held, others[session])))
            {
                kept[match] = false;
                removed++;
            }
            else
            {
                namesakes++;
            }
        }

        var file = Path.GetFileName(held.Name);
        if (removed > 0)
        {
            notes.Add($"{removed} sessions of '{file}' are in the data set and were taken out of training.");
        }

        if (namesakes > 0)
        {
            notes.Add($"{namesakes} sessions of '{file}' have the name of a training session but other events; they count as different sessions.");
        }
    }

    private static string[] Items(Dataset data, ReadOnlySpan<int> rows) =>
        [.. rows.ToArray().Select(row => data.Items[data.Interactions.Items[row]]).Order(StringComparer.Ordinal)];

    // Whether one ascending list holds all of another, repeats counted.
    private static bool Contains(string[] whole, string[] part)
    {
        var found = 0;
        for (var place = 0; place < whole.Length && found < part.Length; place++)
        {
            found += whole[place] == part[found] ? 1 : 0;
        }

        return found == part.Length;
    }
}
