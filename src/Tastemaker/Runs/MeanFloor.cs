using System.Globalization;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Systems;

namespace Tastemaker.Runs;

/// <summary>
/// The errors of the simplest predictors of ratings: the mean of all training ratings, of the user's and of the item's. A system that is no better than these has
/// learned nothing of who likes what.
/// </summary>
internal static class MeanFloor
{
    private const string Metric = "rmse";

    /// <summary>A note with the errors of the means, the same for all systems of a comparison, and one on a system that does not fall below them; none where no values are predicted.</summary>
    /// <param name="system">The system.</param>
    /// <param name="result">Its figures on the test part.</param>
    /// <param name="split">The data.</param>
    public static IReadOnlyList<string> Notes(SystemInfo system, EvaluationResult result, Split split)
    {
        if (!result.Metrics.TryGetValue(Metric, out var error) || !split.Test.Targets.HasValues || !split.Train.Interactions.HasValues)
        {
            return [];
        }

        var (all, user, item) = Errors(split);
        var least = Math.Min(all, Math.Min(user, item));
        var means = string.Create(CultureInfo.InvariantCulture, $"What means of the training ratings reach as predictions: {Metric} {all:0.0000} (of all), {user:0.0000} (of the user), {item:0.0000} (of the item).");
        return error < least ? [means] : [means, string.Create(
            CultureInfo.InvariantCulture,
            $"{system.Name} predicts no better than a mean: its {Metric} is {error:0.0000}, and the best of the means has {least:0.0000}. It has learned nothing of who likes what: tune it (taste tune, or taste compare --tune).")];
    }

    /// <summary>The root mean squared errors of the three means; a user or an item without ratings has the mean of all.</summary>
    internal static (double All, double User, double Item) Errors(Split split)
    {
        var train = split.Train.Interactions;
        var mean = Mean(train.Values);
        var (users, items) = (Means(train.Users, train.Values, split.Train.UserCount, mean), Means(train.Items, train.Values, split.Train.ItemCount, mean));
        double all = 0, byUser = 0, byItem = 0;
        for (var request = 0; request < split.Test.Count; request++)
        {
            var user = split.Test.Requests.Users[request];
            var targets = split.Test.Targets[request];
            var values = split.Test.Targets.RowValues(request);
            for (var target = 0; target < targets.Length; target++)
            {
                all += Square(values[target] - mean);
                byUser += Square(values[target] - (user < 0 ? mean : users[user]));
                byItem += Square(values[target] - items[targets[target]]);
            }
        }

        double Root(double sum) => Math.Sqrt(sum / split.Test.Targets.EntryCount);
        return (Root(all), Root(byUser), Root(byItem));
    }

    private static double Square(double difference) => difference * difference;

    private static double Mean(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / Math.Max(1, values.Length);
    }

    private static double[] Means(ReadOnlySpan<int> rows, ReadOnlySpan<float> values, int count, double otherwise)
    {
        var (sums, counts) = (new double[count], new int[count]);
        for (var row = 0; row < rows.Length; row++)
        {
            sums[rows[row]] += values[row];
            counts[rows[row]]++;
        }

        return [.. sums.Select((sum, one) => counts[one] == 0 ? otherwise : sum / counts[one])];
    }
}
