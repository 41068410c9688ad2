namespace Tastemaker.Evaluation.Significance;

/// <summary>
/// Standard errors of value metrics, and of their differences between two systems on the same ratings: the errors are paired rating by rating, and users are
/// the units, because the errors of one user are alike.
/// </summary>
internal static class ValueInference
{
    /// <summary>Metrics that have standard errors.</summary>
    public static IReadOnlyList<string> Metrics { get; } = ["rmse", "mae", "mae-rounded"];

    /// <summary>Estimates a metric, or how much larger it is than another system's; null where there is too little to say how exact it is.</summary>
    /// <param name="metric">One of <see cref="Metrics"/>.</param>
    /// <param name="own">A system's predictions.</param>
    /// <param name="other">Another's of the same values, or null.</param>
    public static RowEstimate? Estimate(string metric, ValuePredictions own, ValuePredictions? other = null)
    {
        var (ours, theirs) = (Errors(metric, own), other is null ? null : Errors(metric, other));
        double[] figures = theirs is null ? ours : [.. ours.Zip(theirs, (mine, its) => mine - its)];
        var estimate = ClusteredMean.Of(figures, own.Clusters);
        if (metric != "rmse" || estimate is not { } squared)
        {
            return estimate;
        }

        // With a and b the mean squared errors, sqrt(a) - sqrt(b) = (a - b) / (sqrt(a) + sqrt(b)): the test is that of the squared errors, in the unit of ratings.
        var root = Math.Sqrt(ours.Average());
        var scale = root + (theirs is null ? root : Math.Sqrt(theirs.Average()));
        return scale == 0 ? squared : new RowEstimate(theirs is null ? root : squared.Value / scale, squared.Error / scale, squared.Clusters);
    }

    private static double[] Errors(string metric, ValuePredictions of)
    {
        var errors = new double[of.Count];
        for (var row = 0; row < errors.Length; row++)
        {
            var error = metric == "mae-rounded"
                ? (double)MathF.Round(of.Values[row], MidpointRounding.AwayFromZero) - MathF.Round(of.Predictions[row], MidpointRounding.AwayFromZero)
                : (double)of.Values[row] - of.Predictions[row];
            errors[row] = metric == "rmse" ? error * error : Math.Abs(error);
        }

        return errors;
    }
}
