using System.Globalization;
using Tastemaker.Evaluation.Metrics;

namespace Tastemaker.Evaluation.Significance;

/// <summary>Makes a <see cref="ComparisonTable"/>.</summary>
internal sealed class Comparer(IReadOnlyList<(string System, EvaluationResult Result)> systems, ComparisonOptions options)
{
    private readonly RowInference rows = new();

    /// <summary>One test of the table, before correction: by request, with the differences to resample, or by labelled row, with an estimate.</summary>
    private sealed record Tested(string System, string Metric, double[] Differences, RowEstimate? Estimate, double Chance, double StudentChance);

    public ComparisonTable Compare()
    {
        var metrics = Check();
        var main = options.MainMetric ?? MetricCatalog.Main(metrics);
        var tested = options.TestedMetrics ?? [.. metrics.Where(metric => IsTestedByDefault(metric, main))];
        var sign = MetricCatalog.Find(main)?.Direction == MetricDirection.LowerIsBetter ? 1 : -1;
        var ordered = systems.OrderBy(system => sign * system.Result.Metrics[main]).ToArray();
        var reference = options.Reference ?? ordered[0].System;
        var tests = ordered.Where(system => system.System != reference).SelectMany(system => Test(system, tested, reference)).ToArray();
        var corrected = PairedTests.Holm([.. tests.Select(test => test.Chance)]);
        var resampled = new Queue<Interval>(Bootstrap.MeanIntervals(
            [.. tests.Where(test => test.Estimate is null).Select(test => test.Differences)], options.Seed, options.Resamples, options.Level));
        var cells = PlainCells(ordered, metrics);
        for (var index = 0; index < tests.Length; index++)
        {
            var key = (tests[index].System, tests[index].Metric);
            cells[key] = WithTest(cells[key], tests[index], tests[index].Estimate?.Interval(options.Level) ?? resampled.Dequeue(), corrected[index]);
        }

        return new ComparisonTable
        {
            Metrics = metrics,
            MainMetric = main,
            Reference = reference,
            Options = options,
            Tests = tests.Length,
            Notes = [.. Partial(metrics)],
            Units = Estimate(main, systems[0].Result) is not null ? ComparisonTable.Users : "requests",
            Rows = [.. ordered.Select(system => new ComparisonRow(
                system.System, metrics.ToDictionary(metric => metric, metric => cells[(system.System, metric)])))],
        };
    }

    private static bool IsTestedByDefault(string metric, string main) =>
        metric == main
        || (MetricCatalog.Find(metric) is { } info && info.Direction != MetricDirection.Descriptive && (!info.HasCutoff || MetricCatalog.CutoffOf(metric) == MetricCatalog.CutoffOf(main)));

    // What not all systems have cannot be a column, but must not vanish without a word either.
    private IEnumerable<string> Partial(string[] metrics) => systems.SelectMany(system => system.Result.Metrics.Keys).Distinct().Except(metrics).Select(metric =>
    {
        var (with, without) = (systems.Where(system => system.Result.Metrics.ContainsKey(metric)), systems.Where(system => !system.Result.Metrics.ContainsKey(metric)));
        return string.Create(CultureInfo.InvariantCulture, $"{metric} is not in the table, because {string.Join(", ", without.Select(system => system.System))} cannot be measured by it: ")
            + string.Join(", ", with.Select(system => string.Create(CultureInfo.InvariantCulture, $"{system.System} {system.Result.Metrics[metric]:0.0000}"))) + ".";
    });

    private Dictionary<(string, string), ComparisonCell> PlainCells((string System, EvaluationResult Result)[] ordered, string[] metrics)
    {
        var keys = ordered.SelectMany(system => metrics.Select(metric => (system.System, Metric: metric, system.Result))).ToArray();
        var withFigures = keys.Where(key => key.Result.PerRequest.ContainsKey(key.Metric)).ToArray();
        var intervals = Bootstrap.MeanIntervals(
            [.. withFigures.Select(key => Array.ConvertAll(key.Result.PerRequest[key.Metric], value => (double)value))],
            options.Seed, options.Resamples, options.Level);
        var cells = keys.ToDictionary(key => (key.System, key.Metric), key => new ComparisonCell { Mean = key.Result.Metrics[key.Metric] });
        for (var index = 0; index < withFigures.Length; index++)
        {
            var key = (withFigures[index].System, withFigures[index].Metric);
            cells[key] = cells[key] with { Interval = intervals[index] };
        }

        foreach (var key in keys.Where(key => !key.Result.PerRequest.ContainsKey(key.Metric)))
        {
            cells[(key.System, key.Metric)] = cells[(key.System, key.Metric)] with { Interval = Estimate(key.Metric, key.Result)?.Interval(options.Level) };
        }

        return cells;
    }

    private IEnumerable<Tested> Test((string System, EvaluationResult Result) system, IReadOnlyList<string> tested, string reference)
    {
        var other = systems.First(candidate => candidate.System == reference).Result;
        foreach (var metric in tested)
        {
            if (Estimate(metric, system.Result, other) is { } estimate)
            {
                yield return new Tested(system.System, metric, [], estimate, estimate.Chance, estimate.Chance);
            }

            if (!system.Result.PerRequest.TryGetValue(metric, out var own) || !other.PerRequest.TryGetValue(metric, out var its))
            {
                continue;
            }

            // Figures are kept as floats; rounding makes differences that are equal in truth equal again, as ranks need.
            var differences = own.Zip(its, (mine, theirs) => Math.Round((double)mine - theirs, 6)).ToArray();
            var valid = Array.FindAll(differences, difference => !double.IsNaN(difference));
            var binary = valid.All(difference => difference is 0 or 1 or -1) && own.Concat(its).All(value => value is 0 or 1 or float.NaN);
            var chance = (binary ? PairedTests.McNemar(valid) : PairedTests.Wilcoxon(valid)).PValue;
            yield return new Tested(system.System, metric, differences, null, chance, PairedTests.StudentT(valid).PValue);
        }
    }

    private ComparisonCell WithTest(ComparisonCell cell, Tested test, Interval interval, double corrected)
    {
        var mean = test.Estimate?.Value ?? test.Differences.Where(difference => !double.IsNaN(difference)).DefaultIfEmpty(0).Average();
        return cell with
        {
            Difference = mean,
            DifferenceInterval = interval,
            PValue = test.Chance,
            StudentPValue = test.StudentChance,
            CorrectedPValue = corrected,
            Verdict = Judge(test.Metric, mean, interval, corrected),
        };
    }

    private Verdict Judge(string metric, double difference, Interval interval, double corrected)
    {
        if (corrected >= 1 - options.Level || interval.Contains(0))
        {
            return Verdict.NoDifference;
        }

        return (MetricCatalog.Find(metric)?.Direction ?? MetricDirection.HigherIsBetter) switch
        {
            MetricDirection.HigherIsBetter => difference > 0 ? Verdict.Better : Verdict.Worse,
            MetricDirection.LowerIsBetter => difference < 0 ? Verdict.Better : Verdict.Worse,
            _ => Verdict.Different,
        };
    }

    private string[] Check()
    {
        var problems = new List<string>();
        if (systems.Count == 0)
        {
            throw new InputException("There is nothing to compare: give at least one result.");
        }

        problems.AddRange(systems.CountBy(system => system.System).Where(name => name.Value > 1)
            .Select(name => $"Two results are named '{name.Key}'; give each a name of its own."));
        var first = systems[0];
        foreach (var (system, result) in systems.Skip(1))
        {
            var rowsDiffer = (result.Clicks is { } clicks && first.Result.Clicks is { } firstClicks && !clicks.HasRowsOf(firstClicks))
                || (result.Values is { } values && first.Result.Values is { } firstValues && !values.HasValuesOf(firstValues));
            if (result.Protocol != first.Result.Protocol || rowsDiffer || (Length(result) is { } own && Length(first.Result) is { } its && own != its))
            {
                problems.Add($"'{system}' ({result.Protocol}) and '{first.System}' ({first.Result.Protocol}) were not measured on one hold-out; measure both on the same.");
            }
        }

        var metrics = first.Result.Metrics.Keys.Where(metric => systems.All(system => system.Result.Metrics.ContainsKey(metric))).ToArray();
        if (metrics.Length == 0)
        {
            problems.Add("The results have no metric in common.");
        }

        if (options.MainMetric is { } main && !metrics.Contains(main))
        {
            problems.Add($"The main metric '{main}' is not in all results; they share {string.Join(", ", metrics)}.");
        }

        problems.AddRange((options.TestedMetrics ?? []).Except(metrics)
            .Select(metric => $"The metric '{metric}' to test is not in all results; they share {string.Join(", ", metrics)}."));
        if (options.Reference is { } reference && systems.All(system => system.System != reference))
        {
            problems.Add($"The reference '{reference}' is not among the systems: {string.Join(", ", systems.Select(system => system.System))}.");
        }

        return problems.Count == 0 ? metrics : throw new InputException(problems);
    }

    /// <summary>A figure over rows or ratings, or its difference from another system's; null for means over requests and where it has no standard error.</summary>
    private RowEstimate? Estimate(string metric, EvaluationResult own, EvaluationResult? other = null)
    {
        if (own.PerRequest.ContainsKey(metric) || other?.PerRequest.ContainsKey(metric) == true)
        {
            return null;
        }

        if (own.Clicks is { } clicks && RowInference.Metrics.Contains(metric) && (other is null || other.Clicks is not null))
        {
            return rows.Estimate(metric, clicks, other?.Clicks);
        }

        return own.Values is { } values && (other is null || other.Values is not null) ? ValueMetrics.Find(metric)?.Estimate(values, other?.Values) : null;
    }

    private static int? Length(EvaluationResult result) => result.PerRequest.Values.FirstOrDefault()?.Length;
}
