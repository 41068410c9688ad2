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
        var main = options.MainMetric
            ?? metrics.Where(metric => metric.StartsWith("ndcg@", StringComparison.Ordinal)).OrderBy(metric => metric != "ndcg@10").FirstOrDefault()
            ?? metrics[0];
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
            Units = IsOfRows(systems[0].Result, main) ? ComparisonTable.Users : "requests",
            Rows = [.. ordered.Select(system => new ComparisonRow(
                system.System, metrics.ToDictionary(metric => metric, metric => cells[(system.System, metric)])))],
        };
    }

    private static bool IsTestedByDefault(string metric, string main) =>
        metric == main
        || (MetricCatalog.Find(metric) is { } info && info.Direction != MetricDirection.Descriptive && (!info.HasCutoff || CutoffOf(metric) == CutoffOf(main)));

    private static string CutoffOf(string metric) => metric[(metric.IndexOf('@', StringComparison.Ordinal) + 1)..];

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

        foreach (var key in keys.Where(key => IsOfRows(key.Result, key.Metric)))
        {
            cells[(key.System, key.Metric)] = cells[(key.System, key.Metric)] with { Interval = rows.Estimate(key.Metric, key.Result.Clicks!)?.Interval(options.Level) };
        }

        return cells;
    }

    private IEnumerable<Tested> Test((string System, EvaluationResult Result) system, IReadOnlyList<string> tested, string reference)
    {
        var other = systems.First(candidate => candidate.System == reference).Result;
        foreach (var metric in tested)
        {
            if (IsOfRows(system.Result, metric) && IsOfRows(other, metric) && rows.Estimate(metric, system.Result.Clicks!, other.Clicks!) is { } estimate)
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
            var rowsDiffer = result.Clicks is { } clicks && first.Result.Clicks is { } firstClicks && !clicks.HasRowsOf(firstClicks);
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

    private static bool IsOfRows(EvaluationResult result, string metric) =>
        result.Clicks is not null && RowInference.Metrics.Contains(metric) && !result.PerRequest.ContainsKey(metric);

    private static int? Length(EvaluationResult result) => result.PerRequest.Values.FirstOrDefault()?.Length;
}
