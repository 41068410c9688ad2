using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Naming;
using Tastemaker.Systems;

namespace Tastemaker.Recommending;

/// <summary>A request in a recommender's indexes, with what could not be resolved.</summary>
internal sealed class ResolvedRequest
{
    private const int MostListed = 8;

    private readonly List<string> notes;
    private readonly bool historyGiven;
    private readonly GroupPopularity segments;
    private readonly RequestHistory history;

    private ResolvedRequest(RequestBatch batch, RequestHistory history, int[] seen, bool historyGiven, GroupPopularity segments, List<string> notes)
    {
        Batch = batch;
        this.history = history;
        Seen = seen;
        this.historyGiven = historyGiven;
        this.segments = segments;
        this.notes = notes;
    }

    /// <summary>A batch of the one request.</summary>
    public RequestBatch Batch { get; }

    /// <summary>The items the user has: the given history or else the stored one, and those of events.</summary>
    public int[] Seen { get; }

    /// <summary>Looks up the user and the history.</summary>
    /// <exception cref="InputException">The request holds nothing, or an event has a value that is no number.</exception>
    public static ResolvedRequest Of(Request request, TrainedRecommender recommender)
    {
        if (request is { User: null, History: null, Events: null, Content: null } && request.Features is not { Count: > 0 })
        {
            throw new InputException("The request is empty: give a user, a history of items, or both.");
        }

        var notes = new List<string>();
        var user = FindUser(request, recommender, notes);
        var given = FindItems(request.History ?? [], recommender, notes);
        NoteUnread(request, recommender, notes);

        var history = RequestHistory.Of(given, FindEvents(request.Events ?? [], recommender, notes), user, recommender.Snapshot.Known, recommender.Scoring.AbsentValue);

        // A given history replaces the stored one, and events make a new one: where the system can read it, the user then counts as a cold-start user with that history.
        var stays = history.Items.Length == 0 || (given.Length == 0 && recommender.Info.FollowsUsers) || !recommender.Info.Answers.HasFlag(Capabilities.Histories);
        var batch = new RequestBatch([stays ? user : -1], RequestHistory.Rows([history], recommender.Items.Count, recommender.Scoring.AbsentValue), [ReadFeatures(request, recommender, notes)]);
        var seen = history.Items.Length > 0 ? history.Items : user >= 0 ? recommender.Snapshot.Known[user].ToArray() : [];
        return new ResolvedRequest(batch, history, seen, history.Items.Length > 0, recommender.Snapshot.Segments, notes);
    }

    /// <summary>Requests as one batch, in their order.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="recommender">Whom they ask.</param>
    public static RequestBatch Join(ReadOnlySpan<ResolvedRequest> requests, TrainedRecommender recommender)
    {
        var users = new int[requests.Length];
        var histories = new RequestHistory[requests.Length];
        var features = new IReadOnlyDictionary<string, string>?[requests.Length];
        for (var request = 0; request < users.Length; request++)
        {
            var one = requests[request].Batch;
            (users[request], histories[request], features[request]) = (one.Users[0], requests[request].history, one.Features(0));
        }

        return new RequestBatch(users, RequestHistory.Rows(histories, recommender.Items.Count, recommender.Scoring.AbsentValue), features);
    }

    /// <summary>What the reader should know about an answer by that strategy.</summary>
    public IReadOnlyList<string> NotesFor(AnswerSource strategy, SystemInfo info, CandidateMask mask)
    {
        if (strategy == AnswerSource.Popularity && historyGiven && info.Answers.HasFlag(Capabilities.Histories))
        {
            notes.Add($"The history shares nothing with what {info.Name} has learned: these are the most popular items.");
        }
        else if (strategy == AnswerSource.Popularity && historyGiven)
        {
            notes.Add($"{info.Name} answers only users it was trained on, not histories: these are the most popular items.");
        }
        else if (strategy == AnswerSource.Popularity && segments.Describe(Batch.Features(0)) is { } group)
        {
            notes.Add($"There is no history to go by: these are the most popular items among users with {group}.");
        }
        else if (strategy == AnswerSource.Popularity && Batch.Users[0] >= 0 && info.Answers.HasFlag(Capabilities.KnownUsers))
        {
            notes.Add($"{info.Name} gives all items the same score for this user: these are the most popular items.");
        }
        else if (strategy == AnswerSource.Popularity)
        {
            notes.Add("There is no history to go by: these are the most popular items.");
        }
        else if (strategy == AnswerSource.Model && historyGiven && !info.Answers.HasFlag(Capabilities.Histories) && !(info.FollowsUsers && Batch.HasTimes))
        {
            notes.Add($"{info.Name} {(info.FollowsUsers ? "reads what a user did by its times, and the given history has none" : "does not read histories")}: "
                + (mask.IncludesSeen ? "the given one had no effect." : "the given one only keeps its items out of the list."));
        }

        return notes;
    }

    private static int FindUser(Request request, TrainedRecommender recommender, List<string> notes)
    {
        var user = request.User is null ? -1 : recommender.Users.IndexOf(request.User);
        if (request.User is not null && user < 0)
        {
            notes.Add($"User '{request.User}' is not among the {recommender.Users.Count} users of the training data.");
        }

        return user;
    }

    private static List<(int Item, RequestEvent Event)> FindEvents(IReadOnlyList<RequestEvent> events, TrainedRecommender recommender, List<string> notes)
    {
        var found = new List<(int Item, RequestEvent Event)>(events.Count);
        var (shape, clipped) = (recommender.Model.Shape, 0);
        foreach (var one in events.Where(one => FindItems([one.Item], recommender, notes).Length > 0))
        {
            if (one.Value is { } value && !float.IsFinite(value))
            {
                throw new InputException($"The event with item '{one.Item}' has the value {value}, which is no number. Leave the value out where there is none.");
            }

            if (!recommender.Snapshot.Known.HasValues)
            {
                // Where the data has no values, 0 and less say that the item was not taken.
                found.AddRange(one.Value <= 0 ? [] : [(recommender.Items.IndexOf(one.Item), one)]);
                continue;
            }

            clipped += one.Value < shape.MinimumValue || one.Value > shape.MaximumValue ? 1 : 0;
            found.Add((recommender.Items.IndexOf(one.Item), one with { Value = one.Value is { } told ? Math.Clamp(told, shape.MinimumValue, shape.MaximumValue) : null }));
        }

        if (clipped > 0)
        {
            notes.Add($"{clipped} values of events lie outside the scale of the data, {shape.MinimumValue} to {shape.MaximumValue}; they count as its nearest end.");
        }

        return found;
    }

    private static int[] FindItems(IReadOnlyList<string> history, TrainedRecommender recommender, List<string> notes)
    {
        var found = new List<int>(history.Count);
        foreach (var id in history)
        {
            var item = recommender.Items.IndexOf(id);
            if (item >= 0)
            {
                found.Add(item);
            }
            else
            {
                notes.Add($"Item '{id}' is not in the catalog and was left out.{recommender.Finder.Suggestion(id)}");
            }
        }

        return [.. found];
    }

    // Names that the system does not read are noted with what it does read, and do not count as features.
    private static Dictionary<string, string>? ReadFeatures(Request request, TrainedRecommender recommender, List<string> notes)
    {
        var read = FieldsOf(request, recommender, notes) ?? [];
        if (TextOf(recommender) is { } text)
        {
            // What is given as content goes before a feature of the text's name.
            if ((request.Content ?? request.Features?.FirstOrDefault(feature => text.IsNamed(feature.Key)).Value) is { } said)
            {
                read[text.Column] = said;
                if (text.Encode(said).Length == 0)
                {
                    notes.Add($"{recommender.Info.Name} knows no word of the text: it learned {text.Words.Count:N0} words of '{text.Column}'.");
                }
            }
        }

        foreach (var (name, said) in request.Features?.Where(feature => IsInput(feature.Key, recommender) && TextOf(recommender)?.IsNamed(feature.Key) != true) ?? [])
        {
            read[name] = said;
        }

        return read.Count == 0 ? null : read;
    }

    private static Dictionary<string, string>? FieldsOf(Request request, TrainedRecommender recommender, List<string> notes)
    {
        var features = request.Features?.Where(feature => !IsInput(feature.Key, recommender)).ToDictionary() ?? [];
        if (features.Count == 0)
        {
            return null;
        }

        if (recommender.Model.Shape.Features is not { } space)
        {
            // Where the system reads none, they may still say what is popular among whom.
            NoteUnknown(recommender.Snapshot.Segments.Unknown(features), recommender, notes);
            return features.Where(feature => recommender.Snapshot.Segments.Knows(feature.Key)).ToDictionary() is { Count: > 0 } groups ? groups : null;
        }

        var names = FeatureTexts.Names(space.Schema);
        var read = features.Where(feature => names.Any(name =>
            feature.Key.Equals(name, StringComparison.OrdinalIgnoreCase) || feature.Key.EndsWith("." + name, StringComparison.OrdinalIgnoreCase))).ToDictionary();
        if (read.Count < features.Count)
        {
            notes.Add($"{recommender.Info.Name} was not trained with the features {string.Join(", ", features.Keys.Except(read.Keys))}; it reads {(names.Count == 0 ? "none" : string.Join(", ", names))}.");
        }

        NoteUnknown(FeatureTexts.Unknown(space.Schema, read), recommender, notes);
        return read;
    }

    /// <summary>The text of a request that a system reads; null where it reads none.</summary>
    public static EntityTexts? TextOf(TrainedRecommender recommender) =>
        !recommender.Info.Answers.HasFlag(Capabilities.Content) ? null
        : recommender.Model.Shape.Inputs.OfType<EntityTexts>().FirstOrDefault(text => text.Side is FieldSource.User) ?? recommender.Model.Shape.Find<SearchTexts>()?.Queries;

    private static bool IsInput(string feature, TrainedRecommender recommender) => recommender.Model.Shape.Inputs.OfType<IRequestInput>().Any(input => input.IsNamed(feature));

    private static void NoteUnknown(IEnumerable<(string Name, string Category, IReadOnlyList<string> Known)> unknown, TrainedRecommender recommender, List<string> notes)
    {
        foreach (var (name, category, known) in unknown)
        {
            notes.Add($"{recommender.Info.Name} was not trained with {name} '{category}', which counts as unknown.{NearestName.DidYouMean(category, known)} "
                + $"It knows {string.Join(", ", known.Take(MostListed))}{(known.Count > MostListed ? $" and {known.Count - MostListed:N0} more" : "")}.");
        }
    }

    private static void NoteUnread(Request request, TrainedRecommender recommender, List<string> notes)
    {
        var text = TextOf(recommender);
        if (recommender.Model.Shape.Features is null && (request.Features?.Keys.Where(feature => !recommender.Snapshot.Segments.Knows(feature) && !IsInput(feature, recommender)).ToList() ?? []) is { Count: > 0 } unread)
        {
            notes.Add($"{recommender.Info.Name} does not read {(text is null ? "features" : $"features except the text '{text.Column}'")}; {string.Join(", ", unread)} had no effect.");
        }

        if (request.Content is not null && text is null)
        {
            notes.Add($"{recommender.Info.Name} does not read content; it had no effect.");
        }
    }
}
