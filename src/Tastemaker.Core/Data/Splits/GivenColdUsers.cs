using System.Globalization;
using Tastemaker.Data.Import;

namespace Tastemaker.Data.Splits;

/// <summary>
/// Splits by files of whole users that systems never learn from: part of each one's items is told, the rest is asked for, as in
/// <see cref="StrongGeneralization"/>. The files are data sets of their own, in any layout that is imported; their users are cold-start users whatever
/// their names, since published files often number their users each from the start.
/// </summary>
internal static class GivenColdUsers
{
    /// <summary>Begins a validation part that is taken from the users of the data set.</summary>
    public const string Users = "users:";

    /// <summary>The share of a file's users that may be like a training user of the same name by chance; above it they are the same people.</summary>
    private const double MostAlike = 0.5;

    /// <summary>What is wrong with options for this kind.</summary>
    public static IEnumerable<string> Problems(GivenFiles files)
    {
        if (files.Train is not null)
        {
            yield return "for kind=users, training is the data set itself: import the training file and leave train out.";
        }

        if (files.Negatives is not null)
        {
            yield return "negatives are not supported for kind=users.";
        }

        if (ValidationCarving.Parse(files.Validation) is not null)
        {
            yield return "for kind=users, validation must be a file, or users:2500 or users:0.1 to hold out users of the data set.";
        }

        if (files.Targets is <= 0 or >= 1)
        {
            yield return FormattableString.Invariant($"targets must be a share between 0 and 1, not {files.Targets}.");
        }

        if (files.Validation?.StartsWith(Users, StringComparison.Ordinal) == true && Carved(files.Validation) is null)
        {
            yield return $"validation must be users: and a share or a whole number of users, such as users:0.1, not '{files.Validation}'.";
        }
    }

    /// <summary>The split: the data set, less the validation users taken from it, is learned from.</summary>
    public static Split Split(GivenFiles files, Dataset data, ulong seed, string description)
    {
        List<string> notes = [];
        var (train, own) = Training(files, data, seed, description);
        return new Split
        {
            Description = description,
            Train = train,
            Validation = files.Validation is null ? null
                : own.Length > 0 ? Hold(files, data, own, train, seed, ("validation", description), notes)
                : Hold(files, files.Validation, train, seed, ("validation", description), notes),
            Test = Hold(files, files.Test, train, seed, ("test", description), notes),
            Notes = notes,
        };
    }

    private static (TrainingSet Train, int[] Validation) Training(GivenFiles files, Dataset data, ulong seed, string description)
    {
        var order = new UserTimelines(data.Interactions, data.Users.Count);
        int[] active = [.. Enumerable.Range(0, data.Users.Count).Where(user => order[user].Length > 0)];
        var count = Carved(files.Validation) is not { } number ? 0 : number < 1 ? number.Of(active.Length) : (int)Math.Min(number, int.MaxValue);
        if (count >= active.Length || (count == 0 && Carved(files.Validation) is not null))
        {
            throw new InputException($"The split '{files}' takes {count} users for validation of the {active.Length} users of '{data.Name}'; validation and training each need some.");
        }

        new SeededRandom(seed).Shuffle<int>(active);
        Array.Sort(active, 0, count);
        return (HeldOutUsers.TrainOn(data, active.AsSpan(count), $"training part of {description}", shrink: true), active[..count]);
    }

    private static HoldOut Hold(GivenFiles files, string path, TrainingSet train, ulong seed, (string Part, string Split) name, List<string> notes)
    {
        var (imported, report) = DatasetImport.ImportWithReport(DataOptions.From(path));
        notes.AddRange(report.Warnings);
        var newUsers = Like(train.Data, imported, path);
        var known = newUsers.Items.Ids.Count(id => train.Data.Items.IndexOf(id) >= 0);
        if (known == 0)
        {
            throw new InputException($"'{path}' and '{train.Data.Name}' have no item in common ('{newUsers.Items[0]}' in the one, '{train.Data.Items[0]}' in the other). Import the data that the file belongs to.");
        }

        CheckApart(newUsers, train, path);
        return Hold(files, newUsers, [.. Enumerable.Range(0, newUsers.Users.Count)], train, seed, name, notes);
    }

    private static HoldOut Hold(GivenFiles files, Dataset source, int[] users, TrainingSet train, ulong seed, (string Part, string Split) name, List<string> notes)
    {
        // Another stream for each part: numbers of users mean other people in another file.
        var stream = name.Part == "test" ? 1UL : 2UL;
        var held = new HeldOutUsers(source, new UserTimelines(source.Interactions, source.Users.Count), train, user => HeldOutUsers.RandomShare(files.Targets, new SeededRandom(seed, stream, (ulong)user)));
        return held.Hold(users, name.Part, name.Split, notes);
    }

    // Requests and targets carry values and times where the training data does, and only there.
    private static Dataset Like(Dataset data, Dataset newUsers, string path)
    {
        var (wanted, found) = (data.Interactions, newUsers.Interactions);
        if (wanted.HasValues && !found.HasValues)
        {
            throw new InputException($"'{path}' lacks the values that interactions of '{data.Name}' have. Import that without values (value column none), or use a file with values.");
        }

        return newUsers.WithInteractions(new Interactions(
            [.. found.Users], [.. found.Items], wanted.HasValues ? [.. found.Values] : null, found.Times.OrNull(found.HasTimes)));
    }

    // A file of users that are also learned from would measure memory. Its users may share names with others, and now and then items too.
    private static void CheckApart(Dataset newUsers, TrainingSet train, string path)
    {
        var rows = newUsers.Interactions.ByUser(newUsers.Users.Count, newUsers.Items.Count);
        var alike = 0;
        for (var user = 0; user < newUsers.Users.Count; user++)
        {
            var namesake = train.Data.Users.IndexOf(newUsers.Users[user]);
            alike += namesake >= 0 && Names(rows[user], newUsers).SetEquals(Names(train.ByUser[namesake], train.Data)) ? 1 : 0;
        }

        if (alike > MostAlike * newUsers.Users.Count)
        {
            throw new InputException(
                $"{alike} of the {newUsers.Users.Count} users of '{path}' are in '{train.Data.Name}' by name and with the same items, so systems would learn from whom they are measured on. Import the training file alone.");
        }
    }

    private static HashSet<string> Names(ReadOnlySpan<int> items, Dataset data)
    {
        var names = new HashSet<string>(items.Length);
        foreach (var item in items)
        {
            names.Add(data.Items[item]);
        }

        return names;
    }

    private static decimal? Carved(string? validation) =>
        validation?.StartsWith(Users, StringComparison.Ordinal) == true
        && decimal.TryParse(validation.AsSpan(Users.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && (number < 1 || number % 1 == 0) && number > 0 ? number : null;
}
