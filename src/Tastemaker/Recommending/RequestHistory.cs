using Tastemaker.Data;

namespace Tastemaker.Recommending;

/// <summary>The history of a request in the indexes of a recommender, oldest first.</summary>
/// <param name="Items">The items.</param>
/// <param name="Values">Their values; null where each counts 1.</param>
/// <param name="Times">Their times; null where unknown.</param>
internal sealed record RequestHistory(int[] Items, float[]? Values, long[]? Times)
{
    /// <summary>The history of a request: the items that it gives, or else what the data holds of its user, and after them what has happened since.</summary>
    /// <param name="given">The items that the request gives; nothing is known of them but their order.</param>
    /// <param name="events">What has happened since.</param>
    /// <param name="user">The user; -1 for a cold-start user.</param>
    /// <param name="known">A row per user: what the data holds.</param>
    /// <param name="absentValue">What an item without a value counts where others have values.</param>
    public static RequestHistory Of(int[] given, IReadOnlyList<(int Item, RequestEvent Event)> events, int user, SparseRows known, float absentValue)
    {
        if (events.Count == 0)
        {
            return new RequestHistory(given, null, null);
        }

        var isStored = given.Length == 0 && user >= 0;
        int[] before = isStored ? known[user].ToArray() : given;
        int[] items = [.. before, .. events.Select(one => one.Item)];
        var hasValues = known.HasValues && (isStored || events.Any(one => one.Event.Value is not null));
        float[]? values = !hasValues ? null
            : [.. isStored ? known.RowValues(user).ToArray() : Enumerable.Repeat(absentValue, before.Length), .. events.Select(one => one.Event.Value ?? absentValue)];
        var times = known.HasTimes && given.Length == 0 ? TimesOf(isStored ? known.RowTimes(user).ToArray() : [], events) : null;
        return times is null ? new RequestHistory(items, values, null) : InOrder(items, values, times);
    }

    /// <summary>Histories as rows. A row whose times are unknown begins with <see cref="RequestBatch.UnknownTime"/> where others have times.</summary>
    /// <param name="histories">A history per row.</param>
    /// <param name="itemCount">Number of items of the catalog.</param>
    /// <param name="absentValue">What an item without a value counts where others have values.</param>
    public static SparseRows Rows(IReadOnlyList<RequestHistory> histories, int itemCount, float absentValue)
    {
        var offsets = new int[histories.Count + 1];
        for (var row = 0; row < histories.Count; row++)
        {
            offsets[row + 1] = offsets[row] + histories[row].Items.Length;
        }

        return new SparseRows(
            offsets,
            [.. histories.SelectMany(history => history.Items)],
            itemCount,
            histories.Any(history => history.Values is not null) ? [.. histories.SelectMany(history => history.Values ?? Enumerable.Repeat(absentValue, history.Items.Length))] : null,
            histories.Any(history => history.Times is not null) ? [.. histories.SelectMany(history => history.Times ?? Enumerable.Repeat(RequestBatch.UnknownTime, history.Items.Length))] : null);
    }

    // The first events take the first time that is known; null where none is.
    private static long[]? TimesOf(long[] before, IReadOnlyList<(int Item, RequestEvent Event)> events)
    {
        if (before.Length == 0 && events.All(one => one.Event.Time is null))
        {
            return null;
        }

        var (times, last) = (before.ToList(), before.Length > 0 ? before[^1] : Timestamps.Of(events.First(one => one.Event.Time is not null).Event.Time!.Value));
        foreach (var (_, one) in events)
        {
            last = one.Time is { } time ? Timestamps.Of(time) : last;
            times.Add(last);
        }

        return [.. times];
    }

    // What was told late may be older than what the data holds.
    private static RequestHistory InOrder(int[] items, float[]? values, long[] times)
    {
        int[] order = [.. Enumerable.Range(0, times.Length).OrderBy(place => times[place])];
        return new RequestHistory(Array.ConvertAll(order, place => items[place]), values is null ? null : Array.ConvertAll(order, place => values[place]), Array.ConvertAll(order, place => times[place]));
    }
}
