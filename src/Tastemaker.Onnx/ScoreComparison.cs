using Tastemaker.Data;
using Tastemaker.Recommending;
using Tastemaker.Systems;
using static TorchSharp.torch;

namespace Tastemaker.Onnx;

/// <summary>Compares the scores of an exported model with those of the model it was made from.</summary>
internal static class ScoreComparison
{
    private const int MostUsers = 64;
    private const int RequestsTogether = 16;

    /// <summary>A sample of requests: known users with their histories; where histories are read, also cold-start users with them, with parts of them, and with repeats.</summary>
    public static RequestBatch Sample(RecommenderSnapshot snapshot, Capabilities answers)
    {
        int[] users = [.. Enumerable.Range(0, snapshot.Users.Count).Where(snapshot.Knows)];
        new SeededRandom(1).Shuffle<int>(users);
        users = users[..Math.Min(users.Length, MostUsers)];
        var (asking, rows) = (new List<int>(), new List<(int[] Items, float[] Values)>());
        foreach (var user in users)
        {
            var (items, values) = (snapshot.Histories[user].ToArray(), snapshot.Histories.RowValues(user).ToArray());
            if (answers.HasFlag(Capabilities.KnownUsers))
            {
                Ask(user, items, values);
            }

            if (answers.HasFlag(Capabilities.Histories))
            {
                Ask(-1, items, values);
                Ask(-1, items[..((items.Length + 1) / 2)], values[..((values.Length + 1) / 2)]);
                Ask(-1, [items[^1], .. items], values.Length == 0 ? [] : [values[0], .. values]);
            }
        }

        var withValues = snapshot.Histories.HasValues;
        int[] offsets = [0, .. rows.Select(row => row.Items.Length)];
        for (var row = 1; row < offsets.Length; row++)
        {
            offsets[row] += offsets[row - 1];
        }

        return new RequestBatch(
            [.. asking],
            new SparseRows(offsets, [.. rows.SelectMany(row => row.Items)], snapshot.Items.Count, withValues ? [.. rows.SelectMany(row => row.Values)] : null));

        void Ask(int user, int[] items, float[] values)
        {
            asking.Add(user);
            rows.Add((items, values));
        }
    }

    /// <summary>The largest difference of a score: absolute where ours is at most 1, else as a share of it. Alone and in batches.</summary>
    public static double LargestDifference(TrainedRecommender ours, TrainedRecommender exported, RequestBatch requests)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var largest = 0.0;
        for (var first = 0; first < requests.Count;)
        {
            var count = first == 0 ? 1 : Math.Min(RequestsTogether, requests.Count - first);
            var (expected, got) = (new float[count * ours.Items.Count], new float[count * ours.Items.Count]);
            ours.Model.Score(requests.Slice(first, count), expected);
            exported.Model.Score(requests.Slice(first, count), got);
            for (var place = 0; place < got.Length; place++)
            {
                var difference = Math.Abs((double)got[place] - expected[place]) / Math.Max(1, Math.Abs((double)expected[place]));
                largest = difference <= largest ? largest : difference; // what is no number is a difference too
            }

            first += count;
        }

        return largest;
    }
}
