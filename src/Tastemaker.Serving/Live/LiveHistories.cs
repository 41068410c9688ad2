using System.Collections.Concurrent;
using Tastemaker.Recommending;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Models;

namespace Tastemaker.Serving.Live;

/// <summary>
/// What the store knows of users, the newest so many interactions each, oldest first; models are shown what they have not learned from. Only so many users are
/// in memory: of the others the store is asked when they ask, and those who have not asked for longest make room. Thread-safe.
/// </summary>
/// <param name="longest">Most items kept per user; older ones go first.</param>
/// <param name="mostUsers">Most users in memory.</param>
/// <param name="learnedUntil">Interactions with numbers up to this do not count: the model has learned from them.</param>
internal sealed class LiveHistories(int longest, int mostUsers = int.MaxValue, long learnedUntil = 0)
{
    private const int LeavingAtOnce = 10; // a tenth

    private readonly ConcurrentDictionary<string, LiveHistory> histories = new();
    private readonly Lock changing = new(); // of which users are in memory
    private readonly long learnedUntil = learnedUntil;
    private int count;
    private long uses;
    private long forgets; // how often something was forgotten
    private volatile bool isPartial; // whether there are users of whom the store alone knows

    /// <summary>Number of users in memory.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>The users in memory, in no order.</summary>
    public IEnumerable<string> Users => histories.Where(pair => pair.Value.Events.Length > 0).Select(pair => pair.Key);

    /// <summary>Number of the last interaction that was read from a store.</summary>
    public long ReadUntil { get; private set; } = learnedUntil;

    /// <summary>Adds what happened and is stored, in the place of its number; once, however often it is told.</summary>
    /// <param name="user">Who.</param>
    /// <param name="item">With what.</param>
    /// <param name="number">Its number in the store.</param>
    /// <param name="time">When; null where only the order of the numbers is known.</param>
    /// <param name="value">A rating or a count; null where there is none.</param>
    public void Add(string user, string item, long number, DateTimeOffset? time = null, float? value = null)
    {
        // Of a user who is not in memory the store may know more than this one: all of it is read when the user asks.
        if (histories.TryGetValue(user, out var known) || (!isPartial && TryMake(user, out known)))
        {
            known.Add(new LiveEvent(item, number, time is { } when ? StoredTime.Of(when) : long.MaxValue, value));
        }
    }

    /// <summary>Takes in all that a store holds after <see cref="ReadUntil"/>; returns the last number. Not to be called twice at a time.</summary>
    public async Task<long> LoadAsync(IEventStore store, CancellationToken cancellation)
    {
        // One string per item, not one per interaction.
        var (items, begin) = (new Dictionary<string, string>(), ReadUntil);
        await ReadAsync(
            async () =>
            {
                await foreach (var one in store.ReadAsync(ReadUntil, cancellation).ConfigureAwait(false))
                {
                    if (!items.TryGetValue(one.Item, out var item))
                    {
                        items[one.Item] = item = one.Item;
                    }

                    Add(one.User, item, one.Number, one.Time, one.Value);
                    ReadUntil = one.Number;
                }
            },
            () =>
            {
                ReadUntil = begin;
                foreach (var history in histories.Values)
                {
                    history.Forget(one => one.Number > begin);
                }
            }).ConfigureAwait(false);
        return ReadUntil;
    }

    /// <summary>Sees to it that what the store knows of a user is in memory.</summary>
    /// <exception cref="EventStoreException">The store does not answer.</exception>
    public async ValueTask BringAsync(string user, IEventStore store, CancellationToken cancellation)
    {
        if (!isPartial)
        {
            return;
        }

        var history = histories.TryGetValue(user, out var known) ? known : Fetched(user, store);
        history.Used = Interlocked.Increment(ref uses);
        if (history.Loading is { Task.IsCompletedSuccessfully: false } loading)
        {
            await loading.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets what a user did, or what was done with an item, or both at once; null stands for all.</summary>
    public void Forget(string? user, string? item)
    {
        Interlocked.Increment(ref forgets);
        foreach (var (name, history) in histories.Where(pair => user is null || pair.Key == user))
        {
            if (item is not null)
            {
                history.Forget(one => one.Item == item);
            }
            else
            {
                Remove(name, history);
            }
        }
    }

    // A store may tell what is forgotten while it is being read: then it is read again. What was told meanwhile is in the store.
    private async Task ReadAsync(Func<Task> read, Action undo)
    {
        for (var before = Interlocked.Read(ref forgets); ;)
        {
            await read().ConfigureAwait(false);
            if (Interlocked.Read(ref forgets) is var now && now == before)
            {
                return;
            }

            before = now;
            undo();
        }
    }

    /// <summary>
    /// What a user did that a model does not know: everything after the last interaction that its data held, and of what its data held the items that were kept
    /// from it (for tests of it, or by filters). Of a model that was not trained from the store, see <see cref="Unlearned"/>.
    /// </summary>
    public IReadOnlyList<LiveEvent> Since(string user, ModelLease model)
    {
        if (!histories.TryGetValue(user, out var history) || history.Events is not { Length: > 0 } events)
        {
            return [];
        }

        if (model.Card.StoreUntil is not { } until)
        {
            return InTime(Unlearned(events, model.Recommender.HistoryOf(user)));
        }

        var learned = events[0].Number <= until ? model.Recommender.HistoryOf(user).ToHashSet() : [];
        return InTime(events.Where(one => one.Number > until || !learned.Contains(one.Item)));
    }

    /// <summary>The request as the model is to see it: with what the user did that it does not know.</summary>
    public Request Complete(Request request, ModelLease model)
    {
        if (request is not { User: { } user, History: null } || Since(user, model) is not { Count: > 0 } since)
        {
            return request;
        }

        var events = since.Where(one => model.Recommender.Items.IndexOf(one.Item) >= 0)
            .Select(one => new RequestEvent(one.Item) { Value = one.Value, Time = one.Time < long.MaxValue ? StoredTime.At(one.Time) : null });
        return request with { Events = [.. events, .. request.Events ?? []] };
    }

    /// <summary>
    /// The events that a model has not learned from, where only its own histories tell. If the store holds all of a user's history, then the data that the model
    /// was trained on was imported into it, and the earliest events with these items are the history; if anything is missing, the store began after the training, and
    /// all of it is new.
    /// </summary>
    private static IReadOnlyList<LiveEvent> Unlearned(LiveEvent[] events, IReadOnlyList<string> history)
    {
        var left = new Dictionary<string, int>();
        foreach (var item in history)
        {
            left[item] = left.GetValueOrDefault(item) + 1;
        }

        var (since, found) = (new List<LiveEvent>(), 0);
        foreach (var one in events)
        {
            if (left.GetValueOrDefault(one.Item) is > 0 and var more)
            {
                left[one.Item] = more - 1;
                found++;
            }
            else
            {
                since.Add(one);
            }
        }

        return found == history.Count ? since : events;
    }

    // Oldest first by when it happened, as training has it, whenever it was told; what happened at one time in the order of telling.
    private static IReadOnlyList<LiveEvent> InTime(IEnumerable<LiveEvent> events) => [.. events.OrderBy(one => one.Time)];

    private bool TryMake(string user, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LiveHistory? history)
    {
        lock (changing)
        {
            if (!histories.TryGetValue(user, out history) && !(isPartial |= count >= mostUsers))
            {
                history = histories[user] = new LiveHistory(longest);
                count++;
            }

            return history is not null;
        }
    }

    // The entry is there before the store is read: what is added meanwhile goes into it, and nothing falls between.
    private LiveHistory Fetched(string user, IEventStore store)
    {
        LiveHistory made;
        lock (changing)
        {
            if (histories.TryGetValue(user, out var other))
            {
                return other;
            }

            if (count >= mostUsers)
            {
                MakeRoom();
            }

            made = histories[user] = new LiveHistory(longest) { Loading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), Used = Interlocked.Increment(ref uses) };
            count++;
        }

        _ = FetchAsync(user, made, store);
        return made;
    }

    private async Task FetchAsync(string user, LiveHistory history, IEventStore store)
    {
        try
        {
            await ReadAsync(
                async () =>
                {
                    foreach (var one in await store.ReadUserAsync(user, longest, CancellationToken.None).ConfigureAwait(false))
                    {
                        if (one.Number > learnedUntil)
                        {
                            history.Add(new LiveEvent(one.Item, one.Number, StoredTime.Of(one.Time), one.Value));
                        }
                    }
                },
                () => history.Forget(_ => true)).ConfigureAwait(false);
            history.Loading!.SetResult();
        }
        catch (Exception failure)
        {
            Remove(user, history);
            history.Loading!.SetException(failure);
        }
    }

    private void MakeRoom()
    {
        foreach (var pair in histories.OrderBy(pair => pair.Value.Used).Take(Math.Max(1, mostUsers / LeavingAtOnce)))
        {
            Remove(pair.Key, pair.Value);
        }
    }

    private void Remove(string user, LiveHistory history)
    {
        lock (changing)
        {
            count -= histories.TryRemove(KeyValuePair.Create(user, history)) ? 1 : 0;
        }
    }
}
