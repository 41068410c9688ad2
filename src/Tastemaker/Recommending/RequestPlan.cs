using Tastemaker.Data;
using Tastemaker.Systems;

namespace Tastemaker.Recommending;

/// <summary>
/// Who answers each request of a batch: the model as a known user, the model from the history, or popularity. A user without a history
/// in the request is given what the data holds of the user.
/// </summary>
internal sealed class RequestPlan
{
    private RequestPlan(AnswerSource[] strategies, RequestBatch? answerable, int[] rows)
    {
        Strategies = strategies;
        Answerable = answerable;
        Rows = rows;
    }

    /// <summary>The strategy of each request.</summary>
    public IReadOnlyList<AnswerSource> Strategies { get; }

    /// <summary>The requests the model can answer, as it is to see them; null if there are none. The batch itself where nothing had to change.</summary>
    public RequestBatch? Answerable { get; }

    /// <summary>Position in the original batch of each request of <see cref="Answerable"/>.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>Decides for a batch.</summary>
    /// <param name="requests">The batch.</param>
    /// <param name="snapshot">Vocabularies and stored histories.</param>
    /// <param name="answers">What the system can answer.</param>
    /// <param name="absentValue">What an item of a history without a value counts where others have values.</param>
    /// <exception cref="ArgumentException">A user or item index is outside the vocabularies.</exception>
    public static RequestPlan Of(RequestBatch requests, RecommenderSnapshot snapshot, Capabilities answers, float absentValue)
    {
        var strategies = new AnswerSource[requests.Count];
        var rows = new List<int>(requests.Count);
        var unchanged = true;
        for (var request = 0; request < requests.Count; request++)
        {
            Check(requests, request, snapshot);
            var user = requests.Users[request];
            strategies[request] = Choose(user, requests, request, snapshot, answers);
            if (strategies[request] == AnswerSource.Popularity)
            {
                unchanged = false;
                continue;
            }

            rows.Add(request);
            unchanged &= (strategies[request] == AnswerSource.Content || !requests.History(request).IsEmpty) && (strategies[request] == AnswerSource.Model || user < 0);
        }

        var answerable = rows.Count == 0 ? null : unchanged ? requests : Rewrite(requests, rows, strategies, snapshot, absentValue);
        return new RequestPlan(strategies, answerable, [.. rows]);
    }

    private static AnswerSource Choose(int user, RequestBatch requests, int request, RecommenderSnapshot snapshot, Capabilities answers) =>
        snapshot.Knows(user) && answers != Capabilities.None ? AnswerSource.Model
        : (requests.History(request).Length > 0 || StoredLength(snapshot.Known, user) > 0) && answers.HasFlag(Capabilities.Histories) ? AnswerSource.FoldIn
        : requests.Features(request) is { Count: > 0 } && (answers & (Capabilities.Features | Capabilities.Content)) != 0 ? AnswerSource.Content
        : AnswerSource.Popularity;

    private static void Check(RequestBatch requests, int request, RecommenderSnapshot snapshot)
    {
        if (requests.Users[request] >= snapshot.Users.Count)
        {
            throw new ArgumentException($"Request {request} is by user {requests.Users[request]}; there are {snapshot.Users.Count} users.", nameof(requests));
        }

        foreach (var item in requests.History(request))
        {
            if ((uint)item >= (uint)snapshot.Items.Count)
            {
                throw new ArgumentException($"The history of request {request} holds item {item}; there are {snapshot.Items.Count} items.", nameof(requests));
            }
        }
    }

    private static RequestBatch Rewrite(RequestBatch requests, List<int> rows, AnswerSource[] strategies, RecommenderSnapshot snapshot, float absentValue)
    {
        var stored = snapshot.Known;
        var users = new int[rows.Count];
        var offsets = new int[rows.Count + 1];
        var (anyGiven, anyStored) = (false, false);
        for (var row = 0; row < rows.Count; row++)
        {
            var user = requests.Users[rows[row]];
            users[row] = strategies[rows[row]] == AnswerSource.Model ? user : -1;
            var given = requests.History(rows[row]).Length;
            offsets[row + 1] = offsets[row] + (given > 0 ? given : StoredLength(stored, user));
            (anyGiven, anyStored) = (anyGiven || given > 0, anyStored || given == 0);
        }

        // What an absent value counts is known, so values can be completed; absent times stay unknown.
        var columns = new int[offsets[^1]];
        var values = (anyGiven && requests.HasValues) || (anyStored && stored.HasValues) ? new float[columns.Length] : null;
        var times = (anyGiven && requests.HasTimes) || (anyStored && stored.HasTimes) ? new long[columns.Length] : null;
        values?.AsSpan().Fill(absentValue);
        times?.AsSpan().Fill(RequestBatch.UnknownTime);
        for (var row = 0; row < rows.Count; row++)
        {
            var (request, start) = (rows[row], offsets[row]);
            var given = !requests.History(request).IsEmpty;
            var user = requests.Users[request];
            if (!given && user < 0)
            {
                continue; // a cold-start user with features alone
            }

            (given ? requests.History(request) : stored[user]).CopyTo(columns.AsSpan(start));
            Copy(given ? requests.HistoryValues(request) : stored.RowValues(user), values, start);
            Copy(given ? requests.HistoryTimes(request) : stored.RowTimes(user), times, start);
        }

        return new RequestBatch(users, new SparseRows(offsets, columns, stored.ColumnCount, values, times), [.. rows.Select(requests.Features)]);
    }

    private static int StoredLength(SparseRows stored, int user) => user < 0 ? 0 : stored.Length(user);

    private static void Copy<T>(ReadOnlySpan<T> source, T[]? target, int start)
    {
        if (target is not null)
        {
            source.CopyTo(target.AsSpan(start));
        }
    }
}
