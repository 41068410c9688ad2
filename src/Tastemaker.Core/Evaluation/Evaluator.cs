using System.Diagnostics;
using System.Globalization;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Clicks;
using Tastemaker.Evaluation.Metrics;
using Tastemaker.Evaluation.Ranking;
using Tastemaker.Evaluation.Slices;
using Tastemaker.Recommending;

namespace Tastemaker.Evaluation;

/// <summary>
/// Measures recommenders on a hold-out: exact ranking of the whole catalog by default, all metrics in one pass, independent of block size and
/// threads; and predicted clicks where the hold-out has labelled rows.
/// </summary>
/// <param name="train">What was learned from: gives item popularity for the metrics that need it.</param>
/// <param name="options">What to measure.</param>
/// <exception cref="InputException">A metric is unknown (names the nearest) or a cut-off is not positive: all problems at once.</exception>
public sealed class Evaluator(TrainingSet train, EvaluationOptions options)
{
    private readonly IReadOnlyList<MetricKey> asked = MetricCatalog.Resolve(options.Metrics, options.Cutoffs);
    private readonly Lazy<ListMetrics> lists = new(() => new ListMetrics(train));

    /// <summary>Measures a recommender.</summary>
    /// <param name="recommender">Shares the vocabularies of the hold-out.</param>
    /// <param name="holdOut">Validation or test.</param>
    /// <param name="progress">Receives the number of labelled rows, then of requests, done so far.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="InputException">
    /// A metric or slice cannot be had from this recommender or hold-out, or they do not fit together: all problems at once.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The recommender gave a score that is not finite, or a click a probability that is not from 0 to 1; names it and the request or row.
    /// </exception>
    public EvaluationResult Evaluate(
        IRecommender recommender, HoldOut holdOut, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        var (predictor, clicker) = (holdOut.Targets.HasValues ? recommender.As<IRatingPredictor>() : null, holdOut.Impressions is null ? null : recommender.As<IClickPredictor>());
        var wanted = clicker is not null && options.Metrics.Count == 0 ? MetricCatalog.OfRows : asked;
        var tellsTimes = recommender.As<IEventPredictor>() is not null;
        var untold = wanted.Where(key => key.Metric is EventMetric { NeedsTimes: true } && !tellsTimes).ToArray();
        wanted = untold.Length < wanted.Count ? [.. wanted.Except(untold)] : wanted;
        HoldOutChecks.Check(wanted, options, recommender, train, holdOut);
        var keys = wanted.Where(key => key.Metric is not ValueMetric || predictor is not null).ToArray();
        var ofRows = clicker is null ? [] : keys.Where(key => key.Metric.IsOfRows).ToArray();
        var slicer = new Slicer(options.Slices, train, holdOut, ofRows.Length > 0);
        var clicks = ofRows.Length > 0 ? ClickPass.Predict(recommender.System, clicker!, holdOut.Impressions!, progress, cancellation) : null;
        var ofEvents = keys.Where(key => key.Metric is EventMetric).ToArray();
        var ranked = keys.Except(ofRows).Where(key => key.Metric is not (ValueMetric or EventMetric)).ToArray();
        var cold = ColdTargets.Count(train, holdOut);

        // The order of the catalog is that in which the data names items, popular ones first: where training says nothing of any target, it would pass for knowledge.
        var ties = options.Ties is TieRule.ByItem && cold > 0 && cold == holdOut.Targets.EntryCount ? TieRule.Expected : options.Ties;
        var plan = ranked.Length > 0 ? new RankingPlan(ranked, holdOut, train.ItemCount, ties) : null;
        if (plan is not null)
        {
            new RankingPass(recommender, plan, lists.Value, options).Run(progress, cancellation);
        }

        var predicted = predictor is not null && keys.Any(key => key.Metric is ValueMetric)
            ? ValuePass.Predict(recommender.System, predictor, holdOut, cancellation)
            : null;
        var events = ofEvents.Length > 0 ? EventPass.Predict(train, recommender, holdOut, cancellation) : null;
        var figures = keys.ToDictionary(
            key => key.Name,
            key => key.Metric switch
            {
                ValueMetric metric => metric.Measure(predicted!),
                EventMetric metric => metric.Measure(events!),
                RowMetric metric when clicks is not null => metric.Measure(clicks),
                CatalogMetric metric => metric.Measure(plan!.Counts[key.Cutoff]),
                OrderMetric metric => Mean(plan!.Auc, metric.IsWeighted ? plan.CandidateCounts : null),
                _ => Mean(plan!.Values[plan.IndexOf(key)], null),
            });
        var isOfRequests = keys.Length > ofRows.Length;
        var perRequest = PerRequest(plan);
        return new EvaluationResult
        {
            Metrics = new OrderedDictionary<string, double>(
                keys.Where(key => !double.IsNaN(figures[key.Name])).Select(key => KeyValuePair.Create(key.Name, figures[key.Name]))),
            PerRequest = perRequest,
            Clicks = clicks,
            Values = predicted,
            Slices = clicks is null ? slicer.Measure(perRequest) : slicer.Measure(clicks, ofRows),
            Exposure = plan is { ListLength: > 0 } ? new Exposure(plan.ListLength, plan.Counts[plan.ListLength]) : null,
            Requests = isOfRequests ? CountMeasured(holdOut) : 0,
            Protocol = clicks is null ? Protocol(holdOut) : isOfRequests ? $"labelled rows; {Protocol(holdOut)}" : "labelled rows",
            Notes = [.. untold.Length > 0 && untold.Length < asked.Count ? [$"{string.Join(", ", untold.Select(key => key.Name))} is left out: '{recommender.System}' does not expect when things happen."] : Array.Empty<string>(), .. clicks is null ? [] : ClickNotes.Of(train, holdOut.Impressions!), .. isOfRequests ? Notes(holdOut, cold, ties) : [], .. Whole(keys, holdOut), .. Undefined(keys, figures, clicks), .. WorseThanConstant(figures)],
            Seconds = clock.Elapsed.TotalSeconds,
        };
    }

    /// <summary>Sums in the order of the requests, so the result does not depend on who computed what.</summary>
    private static double Mean(double[] values, int[]? weights)
    {
        double sum = 0, total = 0;
        for (var request = 0; request < values.Length; request++)
        {
            if (!double.IsNaN(values[request]))
            {
                var weight = weights?[request] ?? 1;
                sum += values[request] * weight;
                total += weight;
            }
        }

        return sum / total;
    }

    private static OrderedDictionary<string, float[]> PerRequest(RankingPlan? plan)
    {
        var columns = new OrderedDictionary<string, float[]>();
        for (var key = 0; key < (plan?.Keys.Count ?? 0); key++)
        {
            if (plan!.Keys[key].Metric is RankingMetric or OrderMetric { IsWeighted: false })
            {
                var values = plan.Keys[key].Cutoff > 0 ? plan.Values[key] : plan.Auc;
                columns.Add(plan.Keys[key].Name, Array.ConvertAll(values, value => (float)value));
            }
        }

        return columns;
    }

    // A list that holds every candidate holds every target, whoever made it.
    private IEnumerable<string> Whole(MetricKey[] keys, HoldOut holdOut)
    {
        var candidates = holdOut.Count == 0 ? int.MaxValue : Enumerable.Range(0, holdOut.Count).Max(request => holdOut.Candidates?.Length(request) ?? (train.ItemCount - (holdOut.Excluded?.Length(request) ?? 0)));
        string[] whole = [.. keys.Where(key => key.Metric is RankingMetric { IsOneOfWholeLists: true } && key.Cutoff >= candidates).Select(key => key.Name)];
        if (whole.Length > 0)
        {
            yield return $"Requests have no more than {candidates} candidates, so a list of that length holds them all: {string.Join(", ", whole)} are then 1 whatever is ranked. Measure shorter lists, as by --cutoffs {Math.Max(1, candidates / 3)}.";
        }
    }

    private static IEnumerable<string> WorseThanConstant(Dictionary<string, double> figures)
    {
        if (figures.GetValueOrDefault(RowMetrics.NormalizedEntropy) is > 1 and var entropy)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"The predicted probabilities are worse than the share of positives alone, the same for every row: {RowMetrics.NormalizedEntropy} is {entropy:0.0000}, and that of the share is 1. Train for fewer or more epochs, regularize more, or tune.");
        }
    }

    private static int CountMeasured(HoldOut holdOut) =>
        Enumerable.Range(0, holdOut.Count).Count(request => holdOut.Targets.Length(request) > 0);

    private static string Protocol(HoldOut holdOut) => holdOut.Candidates is null
        ? "full ranking"
        : $"{holdOut.CandidateLabel ?? "given candidates"}: biased, comparable only with the same candidates";

    private static IEnumerable<string> Undefined(MetricKey[] keys, Dictionary<string, double> figures, ClickPredictions? clicks) => keys
        .Where(key => double.IsNaN(figures[key.Name]))
        .Select(key => clicks is not null && key.Metric.IsOfRows
            ? $"{key.Name} is undefined, because {ClickNotes.Lack(clicks)}, and was left out."
            : $"{key.Name} is undefined for every request and was left out.");

    private static IEnumerable<string> Notes(HoldOut holdOut, int cold, TieRule ties)
    {
        var skipped = holdOut.Count - CountMeasured(holdOut);
        if (skipped > 0)
        {
            yield return $"{skipped} of {holdOut.Count} requests have no targets and were not measured.";
        }

        if (cold > 0)
        {
            yield return ColdTargets.Note(cold, holdOut.Targets.EntryCount);
        }

        var excluded = CountExcludedTargets(holdOut);
        if (excluded > 0)
        {
            yield return $"{excluded} targets are excluded from the candidates of their request and count as misses.";
        }

        if (ties is not TieRule.ByItem)
        {
            yield return $"Equal scores are ranked by the rule '{ties}'; lists are shown by item.";
        }
    }

    private static int CountExcludedTargets(HoldOut holdOut)
    {
        var count = 0;
        for (var request = 0; request < (holdOut.Excluded?.RowCount ?? 0); request++)
        {
            // Both rows ascend, so one pass over the two finds what they share.
            var targets = holdOut.Targets[request];
            var excluded = holdOut.Excluded![request];
            for (int target = 0, other = 0; target < targets.Length && other < excluded.Length;)
            {
                count += targets[target] == excluded[other] ? 1 : 0;
                var (wanted, taken) = (targets[target], excluded[other]);
                target += wanted <= taken ? 1 : 0;
                other += taken <= wanted ? 1 : 0;
            }
        }

        return count;
    }
}
