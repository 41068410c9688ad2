using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tastemaker.Recommending;

namespace Tastemaker.Serving.Operations;

/// <summary>What operators watch, under the meter <see cref="MeterName"/>; OpenTelemetry collects it where the application asks it to.</summary>
internal sealed class ServingMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Tastemaker.Serving";

    private readonly Meter meter;
    private readonly Histogram<double> duration;
    private readonly Histogram<int> batch;
    private readonly Histogram<double> topScore;
    private readonly Counter<long> answers;
    private readonly Counter<long> appended;
    private readonly Counter<long> retrained;

    /// <summary>Makes the instruments.</summary>
    public ServingMetrics(IMeterFactory factory)
    {
        meter = factory.Create(MeterName);
        duration = meter.CreateHistogram<double>("tastemaker.recommend.duration", "s", "From the query to its answer, the wait for a batch included.");
        batch = meter.CreateHistogram<int>("tastemaker.batch.size", "{query}", "Queries answered together.");
        topScore = meter.CreateHistogram<double>("tastemaker.score.top", "1", "The best score of each list: when its distribution moves, so have users or model.");
        answers = meter.CreateCounter<long>("tastemaker.answers", "{answer}", "Answers, by the model and the strategy that gave them.");
        appended = meter.CreateCounter<long>("tastemaker.interactions.appended", "{interaction}", "Interactions stored.");
        retrained = meter.CreateCounter<long>("tastemaker.retrainings", "{training}", "Trainings while serving, by their outcome: swapped, kept (the new model was worse), failed.");
    }

    /// <summary>Has what models have shown reported, whenever someone collects.</summary>
    /// <param name="watches">Gives each model's name and watch.</param>
    public void Watch(Func<IEnumerable<(string Name, ModelWatch Watch)>> watches)
    {
        meter.CreateObservableGauge(
            "tastemaker.catalog.coverage",
            () => watches().Select(model => new Measurement<double>(model.Watch.Coverage.Share, Tag(model.Name))), "1", "The share of the catalog that was in any list within the last one to two hours.");
        meter.CreateObservableGauge(
            "tastemaker.score.drift",
            () => watches().Where(model => model.Watch.Drift.Index is not null).Select(model => new Measurement<double>(model.Watch.Drift.Index!.Value, Tag(model.Name))), "1",
            "Population stability index of the best scores of the last thousand lists beside those of the first thousand of the model; above 0.25 they have moved.");
    }

    /// <summary>A query is answered.</summary>
    public void Answer(RecommendationList answer, string model, TimeSpan took)
    {
        // Scores of two models, or of two strategies, have nothing to do with each other.
        var tags = new TagList { { "model", model }, { "strategy", answer.Strategy.Name() } };
        duration.Record(took.TotalSeconds);
        answers.Add(1, tags);
        if (answer.Items.Count > 0)
        {
            topScore.Record(answer.Items[0].Score, tags);
        }
    }

    /// <summary>A batch is answered.</summary>
    public void Batch(int size) => batch.Record(size);

    /// <summary>Interactions are stored.</summary>
    public void Appended(int count) => appended.Add(count);

    /// <summary>A training while serving has ended.</summary>
    /// <param name="outcome">How.</param>
    public void Retrained(string outcome) => retrained.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private static KeyValuePair<string, object?> Tag(string model) => new("model", model);
}
