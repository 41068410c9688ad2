
namespace Tastemaker.Data;

/// <summary>
/// Requests in the indexes of a recommender's vocabularies: for each, a known user or none, and a history of items, oldest first.
/// A user's own history is part of the request, so that a system needs no training set to answer. Immutable; slices share storage.
/// </summary>
public sealed class RequestBatch
{
    /// <summary>The time of items of which none is known, in a batch where others have times.</summary>
    internal const long UnknownTime = long.MinValue;

    private readonly int[] users;
    private readonly SparseRows histories;
    private readonly IReadOnlyDictionary<string, string>?[]? features;
    private readonly int start;

    /// <summary>Wraps the arrays without copying them.</summary>
    /// <param name="users">User index of each request; -1 for cold-start users.</param>
    /// <param name="histories">A row a request: item indexes, oldest first, with values and times where known; rows may be empty.</param>
    /// <param name="features">What each request says of its user and its context, by feature name; null where nothing is said.</param>
    public RequestBatch(int[] users, SparseRows histories, IReadOnlyDictionary<string, string>?[]? features = null)
        : this(users, histories, features, 0, users.Length)
    {
        if (histories.RowCount != users.Length || (features is not null && features.Length != users.Length))
        {
            throw new ArgumentException($"There are {users.Length} users but {histories.RowCount} histories and {features?.Length ?? users.Length} sets of features.", nameof(histories));
        }
    }

    private RequestBatch(int[] users, SparseRows histories, IReadOnlyDictionary<string, string>?[]? features, int start, int count)
    {
        this.users = users;
        this.histories = histories;
        this.features = features;
        this.start = start;
        Count = count;
    }

    /// <summary>Number of requests.</summary>
    public int Count { get; }

    /// <summary>User index of each request; -1 where unknown.</summary>
    public ReadOnlySpan<int> Users => users.AsSpan(start, Count);

    /// <summary>Number of history items over all requests of the batch.</summary>
    public int HistoryCount => histories.Offsets[start + Count] - histories.Offsets[start];

    /// <summary>Whether histories carry values.</summary>
    public bool HasValues => histories.HasValues;

    /// <summary>Whether any history carries times.</summary>
    public bool HasTimes => histories.HasTimes;

    /// <summary>History of a request: item indexes, oldest first.</summary>
    public ReadOnlySpan<int> History(int request) => histories[start + request];

    /// <summary>Values beside <see cref="History"/>; empty where every entry counts 1.</summary>
    public ReadOnlySpan<float> HistoryValues(int request) => histories.RowValues(start + request);

    /// <summary>Times beside <see cref="History"/> in microseconds since 1970 (<see cref="Timestamps"/>); empty where unknown.</summary>
    public ReadOnlySpan<long> HistoryTimes(int request) => histories.RowTimes(start + request) is var times && times.Length > 0 && times[0] == UnknownTime ? [] : times;

    /// <summary>What a request says of its user and its context, by feature name; null where nothing is said.</summary>
    public IReadOnlyDictionary<string, string>? Features(int request) => features?[start + request];

    /// <summary>Requests <c>first..first+count-1</c>, sharing storage.</summary>
    public RequestBatch Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, Count);
        return new RequestBatch(users, histories, features, start + first, count);
    }

    /// <summary>The given requests, in the given order.</summary>
    public RequestBatch Select(ReadOnlySpan<int> requests)
    {
        var rows = new int[requests.Length];
        var selected = new int[requests.Length];
        for (var index = 0; index < requests.Length; index++)
        {
            rows[index] = start + requests[index];
            selected[index] = users[rows[index]];
        }

        return new RequestBatch(selected, histories.Gather(rows), features is null ? null : [.. rows.Select(row => features[row])]);
    }
}
