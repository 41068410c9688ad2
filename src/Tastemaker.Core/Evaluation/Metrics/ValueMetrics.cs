using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Evaluation.Metrics;

/// <summary>A metric of predicted against true values: a mean of errors, each of (true value, prediction), so that two systems can be compared value by value.</summary>
internal sealed class ValueMetric(string name, string title, string description, string formula, Func<float, float, double> error)
    : MetricInfo(name, title, description, formula)
{
    /// <inheritdoc/>
    public override MetricKind Kind => MetricKind.Value;

    /// <summary>Whether the metric is the root of the mean error, not the mean itself.</summary>
    public bool IsRoot { get; init; }

    /// <summary>The metric of all values; NaN without any.</summary>
    public double Measure(ValuePredictions of)
    {
        var errors = Errors(of);
        var mean = errors.Sum() / errors.Length;
        return IsRoot ? Math.Sqrt(mean) : mean;
    }

    /// <summary>
    /// The metric with its standard error, or how much larger it is than another system's on the same values: the errors are paired value by value, and users
    /// are the units, because the errors of one user are alike. Null where there is too little to say how exact it is.
    /// </summary>
    /// <param name="own">A system's predictions.</param>
    /// <param name="other">Another's of the same values, or null.</param>
    public RowEstimate? Estimate(ValuePredictions own, ValuePredictions? other = null)
    {
        var (ours, theirs) = (Errors(own), other is null ? null : Errors(other));
        double[] figures = theirs is null ? ours : [.. ours.Zip(theirs, (mine, its) => mine - its)];
        var estimate = ClusteredMean.Of(figures, own.Clusters);
        if (!IsRoot || estimate is not { } squared)
        {
            return estimate;
        }

        // With a and b the mean squared errors, sqrt(a) - sqrt(b) = (a - b) / (sqrt(a) + sqrt(b)): the test is that of the squared errors, in the unit of ratings.
        var root = Math.Sqrt(ours.Average());
        var scale = root + (theirs is null ? root : Math.Sqrt(theirs.Average()));
        return scale == 0 ? squared : new RowEstimate(theirs is null ? root : squared.Value / scale, squared.Error / scale, squared.Clusters);
    }

    private double[] Errors(ValuePredictions of)
    {
        var errors = new double[of.Count];
        for (var row = 0; row < errors.Length; row++)
        {
            errors[row] = error(of.Values[row], of.Predictions[row]);
        }

        return errors;
    }
}

/// <summary>The metrics of predicted against true values.</summary>
internal static class ValueMetrics
{
    /// <summary>In the order of results.</summary>
    public static IReadOnlyList<ValueMetric> All { get; } =
    [
        new("rmse", "RMSE", "The root of the mean squared error over all held-out values, predictions clipped to the scale.", "sqrt(mean (r - p)^2)",
            (value, prediction) => ((double)value - prediction) * ((double)value - prediction)) { Direction = MetricDirection.LowerIsBetter, IsRoot = true },
        new("mae", "MAE", "The mean absolute error over all held-out values, predictions clipped to the scale.", "mean |r - p|",
            (value, prediction) => Math.Abs((double)value - prediction)) { Direction = MetricDirection.LowerIsBetter },
        new("mae-rounded", "MAE (rounded)",
            "The mean absolute error of whole numbers, as papers of Boltzmann machines report it: lower than MAE by some hundredths on stars, and not comparable with it.",
            "mean |[r] - [p]|, [x] = x rounded to the nearest whole number, halves away from 0",
            (value, prediction) => Math.Abs(Whole(value) - Whole(prediction))) { Direction = MetricDirection.LowerIsBetter, IsDefault = false },
    ];

    /// <summary>A metric of values by its name, or null.</summary>
    public static ValueMetric? Find(string name) => All.FirstOrDefault(metric => metric.Name == name);

    private static double Whole(float value) => MathF.Round(value, MidpointRounding.AwayFromZero);
}
