using System.Collections.Concurrent;
using Tastemaker.Recommending;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Models;

namespace Tastemaker.Serving.Live;

/// <summary>What the store knows of users, the newest so many interactions each, oldest first; models are shown what they have not learned from. Thread-safe.</summary>
/// <param name="longest">Most items kept for a user; older ones go first.</param>
internal sealed class LiveHistories(int longest)
{
    private readonly ConcurrentDictionary<string, LiveEvent[]> events = new();

    /// <summary>Number of users with anything stored.</summary>
    public int Count => events.Count;

    /// <summary>The users with anything stored, in no order.</summary>
    public IEnumerable<string> Users => events.Keys;

    /// <summary>Adds what happened, in the place of its number; once, however often it is told.</summary>
    /// <param name="user">Who.</param>
    /// <param name="item">With what.</param>
    /// <param name="number">Its number in the store.</param>
    public void Add(string user, string item, long number)
    {
        var one = new LiveEvent(item, number);
        events.AddOrUpdate(user, _ => [one], (_, before) => With(before, one));
    }

    /// <summary>Number of the last interaction that was read from a store.</summary>
    public long ReadUntil { get; private set; }

    /// <summary>Takes in all that a store holds after a number; returns the last. Not to be called twice at a time.</summary>
    public async Task<long> LoadAsync(IEventStore store, long after, CancellationToken cancellation)
    {
        // A text an item, not a text an interaction.
        var items = new Dictionary<string, string>();
        await foreach (var one in store.ReadAsync(after, cancellation).ConfigureAwait(false))
        {
            if (!items.TryGetValue(one.Item, out var item))
            {
                items[one.Item] = item = one.Item;
            }

            Add(one.User, item, one.Number);
            after = one.Number;
        }

        return ReadUntil = after;
    }

    /// <summary>
    /// What a user did that a model does not know: everything after the last interaction that its data held, and of what its data held the items that were kept
    /// from it (for tests of it, or by filters).
    /// </summary>
    public IReadOnlyList<string> Since(string user, ModelLease model)
    {
        if (!events.TryGetValue(user, out var all))
        {
            return [];
        }

        var until = model.Card.StoreUntil ?? 0;
        var learned = all[0].Number <= until ? model.Recommender.HistoryOf(user).ToHashSet() : [];
        return [.. all.Where(one => one.Number > until || !learned.Contains(one.Item)).Select(one => one.Item)];
    }

    /// <summary>The request as the model is to see it: with the user's whole history where something has happened that it does not know.</summary>
    public Request Complete(Request request, ModelLease model)
    {
        if (request is not { User: { } user, History: null } || Since(user, model) is not { Count: > 0 } since)
        {
            return request;
        }

        var recommender = model.Recommender;
        return request with { History = [.. recommender.HistoryOf(user), .. since.Where(item => recommender.Items.IndexOf(item) >= 0)] };
    }

    private LiveEvent[] With(LiveEvent[] before, LiveEvent one)
    {
        var place = before.Length;
        while (place > 0 && before[place - 1].Number > one.Number)
        {
            place--;
        }

        if (place > 0 && before[place - 1].Number == one.Number)
        {
            return before;
        }

        LiveEvent[] all = [.. before[..place], one, .. before[place..]];
        return all.Length > longest ? all[^longest..] : all;
    }
}
