using Tastemaker.Evaluation;
using Tastemaker.Recommending;

namespace Tastemaker.Data.Splits;

/// <summary>
/// Builds a split from a part for each interaction: users are known, requests are users with their history, and what a user has
/// seen in training (or, when testing, in validation) is no candidate and no target.
/// </summary>
/// <param name="description">The splitter's text and seed.</param>
/// <param name="data">What is divided.</param>
/// <param name="parts">A part for each interaction.</param>
/// <param name="notes">What the splitter itself has to say.</param>
internal sealed class InteractionSplit(string description, Dataset data, SplitPart[] parts, IReadOnlyList<string> notes)
{
    private readonly List<string> ownNotes = [.. notes];

    /// <summary>Whether targets that never occur in training are worth a note (not where that is the point of the split).</summary>
    public bool NotesUnseenItems { get; init; } = true;

    /// <summary>Whether a validation part was asked for, so that an empty one is an error and not a part left out.</summary>
    public required bool HasValidation { get; init; }

    /// <summary>Whether parts follow each other in time: what is validated is then history when testing.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>Whether repeats of what a user already has are targets, and all items candidates.</summary>
    public bool IncludeSeen { get; init; }

    /// <summary>What a splitter does to its hold-outs in the end, such as to give candidates.</summary>
    public Func<SplitPart, int[], HoldOut, HoldOut>? Shape { get; init; }

    /// <summary>The split.</summary>
    /// <exception cref="InputException">A part is empty.</exception>
    public Split Build()
    {
        var train = Training(SplitPart.Train);
        var validation = HasValidation ? Hold(SplitPart.Validation, train, train.ByUser, train.Seen) : default;
        var known = HasValidation ? Sets(SplitPart.Train, SplitPart.Validation) : train.Seen;
        var histories = HasValidation && IsOrdered ? ByUser(SplitPart.Train, SplitPart.Validation) : train.ByUser;
        var test = Hold(SplitPart.Test, train, histories, known);
        NoteUnmeasured(test.Users.Length);
        var split = new Split
        {
            Description = description,
            Train = train,
            Validation = validation.HoldOut,
            Test = test.HoldOut,
            Whole = data,
            SeenAreCandidates = IncludeSeen,
            Notes = [.. ownNotes, .. Unseen(train, validation.HoldOut, "validation"), .. Unseen(train, test.HoldOut, "test")],
        };
        return HasValidation ? split with { Retrain = () => Retrain(split, test.Users) } : split;
    }

    private Split Retrain(Split split, int[] testUsers)
    {
        var train = Training(SplitPart.Train, SplitPart.Validation);
        var test = split.Test with { Requests = Requests(train, train.ByUser, testUsers), Events = Events(train, SplitPart.Test, []) };
        return split with
        {
            Description = $"{description}, trained on train and validation",
            Train = train,
            Validation = null,
            Test = test,
            Notes = [.. ownNotes, .. Unseen(train, test, "test")],
            Retrain = null,
        };
    }

    private TrainingSet Training(params ReadOnlySpan<SplitPart> of)
    {
        var rows = Select(of);
        return rows.Length > 0
            ? new TrainingSet(data.Restrict(rows, $"training part of {description}", shrink: false))
            : throw new InputException($"The split '{description}' leaves nothing to train on among the {parts.Length} interactions of '{data.Name}'. Use smaller shares or more data.");
    }

    private Interactions Rows(params ReadOnlySpan<SplitPart> of) => data.IsLabelled ? data.Interactions.TakenUp(Select(of)) : data.Interactions.Select(Select(of));

    // A row a user: the distinct items of some parts, ascending.
    private SparseRows Sets(params ReadOnlySpan<SplitPart> of) =>
        (data.IsLabelled ? Rows(of) : data.Interactions.SelectPairs(Select(of))).ByUser(data.Users.Count, data.Items.Count).SortedByColumn();

    private int[] Select(ReadOnlySpan<SplitPart> of)
    {
        // Counted first: fresh memory costs more than a second look at a byte an interaction.
        var count = 0;
        foreach (var part in parts)
        {
            count += of.Contains(part) ? 1 : 0;
        }

        var rows = GC.AllocateUninitializedArray<int>(count);
        for (var (row, place) = (0, 0); place < count; row++)
        {
            if (of.Contains(parts[row]))
            {
                rows[place++] = row;
            }
        }

        return rows;
    }

    private (HoldOut HoldOut, int[] Users) Hold(SplitPart part, TrainingSet train, SparseRows histories, SparseRows seen)
    {
        var name = part.ToString().ToLowerInvariant();
        var (users, targets, repeats) = Targets.Of(ByUser(part), IncludeSeen ? SparseRows.Empty(data.Users.Count, data.Items.Count) : seen);
        var impressions = data.IsLabelled ? data.Restrict(Select([part]), $"{name} part of {description}", shrink: false) : null;
        if (impressions is null ? users.Length == 0 : impressions.Interactions.Count == 0)
        {
            throw new InputException($"The split '{description}' of '{data.Name}' has an empty {name} part.{WayOut()}");
        }

        if (repeats > 0 && impressions is null)
        {
            ownNotes.Add($"{repeats} {name} interactions repeat an item their user already had; they are no targets. If repeats are natural in this data, make them targets with --include-seen; if not, the filter deduplicate avoids them.");
        }

        var requests = Requests(train, histories, users);
        var cold = requests.Users.Count(-1);
        if (cold > 0 && impressions is null)
        {
            ownNotes.Add($"{cold} of {users.Length} {name} users are cold-start users: they have no training interaction.");
        }

        var holdOut = new HoldOut { Requests = requests, Targets = targets, Excluded = IncludeSeen ? null : seen.Gather(users), Impressions = impressions, Events = Events(train, part, HasValidation && IsOrdered && part is SplitPart.Test ? [SplitPart.Validation] : []) };
        return (Shape?.Invoke(part, users, holdOut) ?? holdOut, users);
    }

    // Made when a metric asks for it: rows of all users are large.
    private Func<HeldOutEvents>? Events(TrainingSet train, SplitPart part, SplitPart[] before) => !data.Interactions.HasTimes ? null : () =>
    {
        var (predicted, histories) = (ByUser(part), before.Length > 0 ? ByUser([SplitPart.Train, .. before]) : train.ByUser);
        int[] users = [.. Enumerable.Range(0, predicted.RowCount).Where(user => predicted.Length(user) > 0)];
        return new HeldOutEvents(Requests(train, histories, users), predicted.Gather(users), before.Length > 0 ? ByUser(before) : null);
    };

    private SparseRows ByUser(params ReadOnlySpan<SplitPart> of) => Rows(of).ByUser(data.Users.Count, data.Items.Count);

    // Shares of users with a handful of interactions round down to nothing; shares of all interactions do not.
    private string WayOut() => description.StartsWith("random", StringComparison.Ordinal) || parts.Length < 10
        ? " Use a larger share or more data."
        : $" Its {data.Users.Count:N0} users have {(double)parts.Length / Math.Max(1, data.Users.Count):0.#} interactions on average. --split \"random(test=0.2,validation=0.1)\" divides all interactions regardless of user; the filter k-core(5) keeps users with enough.";

    // A user without a training interaction has no learned state, so it must not be asked for as a known one.
    private static RequestBatch Requests(TrainingSet train, SparseRows histories, int[] users) =>
        new([.. users.Select(user => train.ByUser.Length(user) > 0 ? user : -1)], histories.Gather(users));

    private void NoteUnmeasured(int measured)
    {
        var present = new bool[data.Users.Count];
        foreach (var user in data.Interactions.Users)
        {
            present[user] = true;
        }

        var users = present.Count(here => here);
        if (measured < users && !data.IsLabelled)
        {
            ownNotes.Add($"{users - measured} of {users} users have no test target and are not measured.");
        }
    }

    private IEnumerable<string> Unseen(TrainingSet train, HoldOut? part, string name)
    {
        if (part is null || !NotesUnseenItems)
        {
            yield break;
        }

        if (ColdTargets.Count(train, part) is > 0 and var cold)
        {
            yield return ColdTargets.Note(cold, part.Targets.EntryCount, name);
        }
    }
}
