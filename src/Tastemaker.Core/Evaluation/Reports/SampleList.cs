using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Ranking;
using Tastemaker.Recommending;

namespace Tastemaker.Evaluation.Reports;

/// <summary>A list that a system gave to one request of a hold-out.</summary>
public sealed record SampleList
{
    /// <summary>Who asked, the same text for every system.</summary>
    public required string Request { get; init; }

    /// <summary>Titles of the latest history items, newest first.</summary>
    public required IReadOnlyList<string> History { get; init; }

    /// <summary>The list, best first.</summary>
    public required IReadOnlyList<SampleItem> Items { get; init; }

    /// <summary>The lists a system gives to some requests of a hold-out, seen items left out as in the measurement.</summary>
    /// <param name="recommender">The system.</param>
    /// <param name="holdOut">The requests and right answers.</param>
    /// <param name="data">Gives identifiers and titles.</param>
    /// <param name="requests">Indexes into the hold-out.</param>
    /// <param name="length">Length of a list.</param>
    /// <param name="historyLength">How many history items to show.</param>
    public static IReadOnlyList<SampleList> Take(
        IRecommender recommender, HoldOut holdOut, Dataset data, IReadOnlyList<int> requests, int length = 10, int historyLength = 8)
    {
        if (requests.Count == 0)
        {
            return [];
        }

        var scores = new float[requests.Count * data.Items.Count];
        recommender.Score(holdOut.Requests.Select([.. requests]), scores);
        var samples = new List<SampleList>();
        for (var index = 0; index < requests.Count; index++)
        {
            var request = requests[index];
            var user = holdOut.Requests.Users[request];
            var history = holdOut.Requests.History(request).ToArray().Reverse().Take(historyLength);
            samples.Add(new SampleList
            {
                Request = user < 0 ? $"Request {request}" : $"User {data.Users[user]}",
                History = [.. history.Select(item => Title(data, item))],
                Items = Best(holdOut, request, data, scores.AsSpan(index * data.Items.Count, data.Items.Count), length),
            });
        }

        return samples;
    }

    private static SampleItem[] Best(HoldOut holdOut, int request, Dataset data, Span<float> scores, int length)
    {
        foreach (var item in holdOut.Excluded is { } excluded ? excluded[request] : [])
        {
            scores[item] = float.NegativeInfinity;
        }

        var items = new int[length];
        var count = TopK.Select(scores, items, new float[length]);
        return [.. items.Take(count).Select(item => new SampleItem(Title(data, item), holdOut.Targets.SortedRowContains(request, item)))];
    }

    private static string Title(Dataset data, int item) => data.ItemTitles?.Values[item] is { Length: > 0 } title ? title : data.Items[item];
}

/// <summary>One place of a sample list.</summary>
/// <param name="Title">What people call the item.</param>
/// <param name="IsTarget">Whether it was held out: a right answer.</param>
public sealed record SampleItem(string Title, bool IsTarget);
