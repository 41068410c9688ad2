namespace Tastemaker.Evaluation.Metrics;

/// <summary>Metrics of predicted against true values.</summary>
internal static class ValueMetrics
{
    /// <summary>Root mean squared error.</summary>
    public static double Rmse(ReadOnlySpan<float> truth, ReadOnlySpan<float> predicted)
    {
        var sum = 0.0;
        for (var row = 0; row < truth.Length; row++)
        {
            var error = (double)truth[row] - predicted[row];
            sum += error * error;
        }

        return Math.Sqrt(sum / truth.Length);
    }

    /// <summary>Mean absolute error.</summary>
    public static double Mae(ReadOnlySpan<float> truth, ReadOnlySpan<float> predicted)
    {
        var sum = 0.0;
        for (var row = 0; row < truth.Length; row++)
        {
            sum += Math.Abs((double)truth[row] - predicted[row]);
        }

        return sum / truth.Length;
    }

    /// <summary>Mean absolute error where both are first rounded to the nearest whole number, halves away from zero.</summary>
    public static double MaeOfRounded(ReadOnlySpan<float> truth, ReadOnlySpan<float> predicted)
    {
        var sum = 0.0;
        for (var row = 0; row < truth.Length; row++)
        {
            sum += Math.Abs((double)MathF.Round(truth[row], MidpointRounding.AwayFromZero) - MathF.Round(predicted[row], MidpointRounding.AwayFromZero));
        }

        return sum / truth.Length;
    }
}
