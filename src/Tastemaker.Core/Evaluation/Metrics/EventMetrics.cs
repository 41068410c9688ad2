using Tastemaker.Data;

namespace Tastemaker.Evaluation.Metrics;

/// <summary>What was predicted for held-out events, one after the other in order of time.</summary>
/// <param name="Ranks">The place of each event's item among all items at that time, from 1; of items with equal scores, the mean of their places.</param>
/// <param name="WaitErrors">By how much the expected time since the last event of user or item was off, in microseconds; empty where the system expects no times.</param>
internal sealed record EventPredictions(double[] Ranks, double[] WaitErrors);

/// <summary>A metric of events in order of time: a mean of a figure of each.</summary>
internal sealed class EventMetric(string name, string title, string description, string formula, Func<EventPredictions, double[]> figures, bool needsTimes)
    : MetricInfo(name, title, description, formula)
{
    /// <inheritdoc/>
    public override MetricKind Kind => MetricKind.Event;

    /// <summary>Whether only systems that expect times have it.</summary>
    public bool NeedsTimes => needsTimes;

    /// <summary>The metric of all events; NaN without any.</summary>
    public double Measure(EventPredictions of) => figures(of) is { Length: > 0 } all ? all.Average() : double.NaN;
}

/// <summary>The metrics of events in order of time.</summary>
internal static class EventMetrics
{
    private const double PerHour = 3600.0 * Timestamps.PerSecond;

    /// <summary>In the order of results.</summary>
    public static IReadOnlyList<EventMetric> All { get; } =
    [
        new("mar", "MAR", "The mean place of a held-out event's item among all items at its time, after everything that happened before; of equal scores, the mean of their places.", "mean rank",
            of => of.Ranks, needsTimes: false) { Direction = MetricDirection.LowerIsBetter, IsDefault = false },
        new("return-time-mae", "MAE of return time (hours)",
            "The mean error of the expected time between a held-out event and the last event of its user or its item. It is measured on the pairs that did meet, which meet earlier than expected, because pairs compete.", "mean |(t - t') - expected|",
            of => Array.ConvertAll(of.WaitErrors, error => error / PerHour), needsTimes: true) { Direction = MetricDirection.LowerIsBetter, IsDefault = false },
    ];
}
