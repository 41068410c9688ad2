using System.Collections.Concurrent;
using Tastemaker.Recommending;
using Tastemaker.Serving.Events;

namespace Tastemaker.Serving.Live;

/// <summary>What users did since the model was trained: a list of items a user, oldest first, at most so many. Thread-safe.</summary>
/// <param name="longest">Most items kept for a user; older ones go first.</param>
internal sealed class LiveHistories(int longest)
{
    private readonly ConcurrentDictionary<string, string[]> items = new();

    /// <summary>Number of users with anything new.</summary>
    public int Count => items.Count;

    /// <summary>Adds what happened.</summary>
    public void Add(string user, string item) =>
        items.AddOrUpdate(user, _ => [item], (_, before) => before.Length < longest ? [.. before, item] : [.. before[^(longest - 1)..], item]);

    /// <summary>What a user did since; empty for others.</summary>
    public IReadOnlyList<string> Of(string user) => items.TryGetValue(user, out var since) ? since : [];

    /// <summary>Takes in all that a store holds after a number; returns the last.</summary>
    public async Task<long> LoadAsync(IEventStore store, long after, CancellationToken cancellation)
    {
        await foreach (var one in store.ReadAsync(after, cancellation).ConfigureAwait(false))
        {
            Add(one.User, one.Item);
            after = one.Number;
        }

        return after;
    }

    /// <summary>The request as the model is to see it: with the user's whole history where something has happened since training.</summary>
    public Request Complete(Request request, IRecommender recommender) =>
        request is { User: { } user, History: null } && Of(user) is { Count: > 0 } since
            ? request with { History = [.. recommender.HistoryOf(user), .. since.Where(item => recommender.Items.IndexOf(item) >= 0)] }
            : request;
}
