using Tastemaker.Data.Splits;
using Tastemaker.Recommending;

namespace Tastemaker.Evaluation;

/// <summary>Predicts every held-out value.</summary>
internal static class ValuePass
{
    private const int BlockPairs = 1 << 16;

    /// <summary>Predictions for the targets, row after row, clipped to the scale of the training data.</summary>
    public static ValuePredictions Predict(string system, IRatingPredictor predictor, HoldOut holdOut, CancellationToken cancellation)
    {
        var users = new int[holdOut.Targets.EntryCount];
        for (var request = 0; request < holdOut.Count; request++)
        {
            users.AsSpan(holdOut.Targets.Offsets[request], holdOut.Targets.Length(request)).Fill(holdOut.Requests.Users[request]);
        }

        var predicted = new float[users.Length];
        for (var first = 0; first < users.Length; first += BlockPairs)
        {
            cancellation.ThrowIfCancellationRequested();
            var block = first..Math.Min(first + BlockPairs, users.Length);
            predictor.Predict(users.AsSpan(block), holdOut.Targets.Columns[block], holdOut.Targets.HasTimes ? holdOut.Targets.Times[block] : [], predicted.AsSpan(block));
        }

        var (minimum, maximum) = predictor.RatingScale;
        for (var pair = 0; pair < predicted.Length; pair++)
        {
            if (!float.IsFinite(predicted[pair]))
            {
                throw new InvalidOperationException(
                    $"The system '{system}' predicted {predicted[pair]} for user {users[pair]}, item {holdOut.Targets.Columns[pair]}: every prediction must be finite.");
            }

            predicted[pair] = Math.Clamp(predicted[pair], minimum, maximum);
        }

        return new ValuePredictions(holdOut.Targets.Values.ToArray(), predicted, Units(holdOut));
    }

    // Requests of one user are one unit; a request by nobody known is one of its own.
    private static int[] Units(HoldOut holdOut)
    {
        var units = new int[holdOut.Targets.EntryCount];
        var known = 1 + holdOut.Requests.Users.ToArray().DefaultIfEmpty(-1).Max();
        for (var request = 0; request < holdOut.Count; request++)
        {
            var user = holdOut.Requests.Users[request];
            units.AsSpan(holdOut.Targets.Offsets[request], holdOut.Targets.Length(request)).Fill(user >= 0 ? user : known + request);
        }

        return units;
    }
}
