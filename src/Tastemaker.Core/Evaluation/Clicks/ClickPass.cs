using Tastemaker.Data;
using Tastemaker.Recommending;

namespace Tastemaker.Evaluation.Clicks;

/// <summary>Predicts every held-out labelled row.</summary>
internal static class ClickPass
{
    private const int BlockRows = 1 << 16;

    /// <summary>Predictions, beside labels and users.</summary>
    /// <param name="system">Named where a prediction is no probability.</param>
    /// <param name="predictor">The system.</param>
    /// <param name="impressions">The rows.</param>
    /// <param name="progress">Receives the number of rows done so far.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="InvalidOperationException">A prediction is not from 0 to 1; names the system and the row.</exception>
    public static ClickPredictions Predict(
        string system, IClickPredictor predictor, Dataset impressions, IProgress<int>? progress, CancellationToken cancellation)
    {
        var rows = impressions.Interactions;
        var probabilities = new float[rows.Count];
        for (var first = 0; first < rows.Count; first += BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(BlockRows, rows.Count - first);
            var block = count == rows.Count
                ? impressions
                : impressions.Restrict([.. Enumerable.Range(first, count)], $"rows from {first}", shrink: false);
            predictor.PredictClicks(block, probabilities.AsSpan(first, count));
            Check(system, probabilities.AsSpan(first, count), first, impressions);
            progress?.Report(first + count);
        }

        var labels = new bool[rows.Count];
        for (var row = 0; row < labels.Length; row++)
        {
            labels[row] = rows.Values[row] > 0;
        }

        return new ClickPredictions(labels, probabilities, rows.Users.ToArray());
    }

    private static void Check(string system, ReadOnlySpan<float> probabilities, int first, Dataset impressions)
    {
        for (var place = 0; place < probabilities.Length; place++)
        {
            if (!(probabilities[place] >= 0 && probabilities[place] <= 1))
            {
                var rows = impressions.Interactions;
                var (user, item) = (impressions.Users[rows.Users[first + place]], impressions.Items[rows.Items[first + place]]);
                throw new InvalidOperationException(
                    $"The system '{system}' predicted {probabilities[place]} for row {first + place} (user '{user}', item '{item}'): every prediction must be a probability from 0 to 1.");
            }
        }
    }
}
