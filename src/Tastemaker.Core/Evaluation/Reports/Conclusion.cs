using System.Globalization;
using Tastemaker.Evaluation.Metrics;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Evaluation.Reports;

/// <summary>What a comparison comes to: the best system, those that are as good, what they cost, and which do not rise above popularity.</summary>
internal sealed record Conclusion
{
    /// <summary>The metric it is about.</summary>
    public required string Metric { get; init; }

    /// <summary>The best on it; null where the figures do not say.</summary>
    public required string? Best { get; init; }

    /// <summary>Systems that the paired test, corrected by Holm, does not tell from the best.</summary>
    public required IReadOnlyList<string> AsGood { get; init; }

    /// <summary>Of the best and those as good, the one that trained fastest; null where times are unknown.</summary>
    public string? FastestToTrain { get; init; }

    /// <summary>Of these, the one that scores fastest; null where times are unknown.</summary>
    public string? FastestToScore { get; init; }

    /// <summary>Of these, the one with the smallest model; null where sizes are unknown.</summary>
    public string? SmallestModel { get; init; }

    /// <summary>Systems that are not better than popularity by more than chance; null where popularity is not among the systems.</summary>
    public IReadOnlyList<string>? NotAbovePopularity { get; init; }

    /// <summary>All of it in plain sentences.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }

    /// <summary>No conclusion, where the figures say nothing of the systems.</summary>
    /// <param name="metric">The metric that it would be about.</param>
    /// <param name="why">The reason and the remedy.</param>
    public static Conclusion None(string metric, string why) => new() { Metric = metric, Best = null, AsGood = [], Sentences = [why] };

    /// <summary>Draws the conclusion.</summary>
    /// <param name="systems">Those of the table.</param>
    /// <param name="table">Against any reference.</param>
    /// <param name="popularity">Name of the system that gives everyone the same list; null where none does.</param>
    public static Conclusion Of(IReadOnlyList<SystemReport> systems, ComparisonTable table, string? popularity)
    {
        var best = table.Rows[0];
        var against = table.Reference == best.System ? table : Against(best.System, systems, table);
        var others = against.Rows.Where(row => row.System != best.System).ToArray();
        string[] asGood = [.. others.Where(row => row.Cells[table.MainMetric].Verdict == Verdict.NoDifference).Select(row => row.System)];
        var equals = asGood.Prepend(best.System).Select(name => systems.First(system => system.Name == name)).ToArray();
        var floor = popularity is not null && systems.Count > 1 && systems.Any(system => system.Name == popularity) ? Against(popularity, systems, table) : null;
        return new Conclusion
        {
            Metric = table.MainMetric,
            Best = best.System,
            AsGood = asGood,
            FastestToTrain = Least(equals, system => system.TrainingSeconds)?.Name,
            FastestToScore = Least(equals, system => system.ScoringMilliseconds)?.Name,
            SmallestModel = Least(equals, system => system.ModelBytes)?.Name,
            NotAbovePopularity = floor is null ? null : [.. NotAbove(floor).Select(row => row.System)],
            Sentences = [First(table, best), .. Equals(table, others, asGood), .. Costs(equals), .. floor is null ? [] : Floor(floor), .. Constant(systems)],
        };
    }

    private static ComparisonTable Against(string reference, IReadOnlyList<SystemReport> systems, ComparisonTable table) => ComparisonTable.Compare(
        [.. systems.Select(system => (system.Name, Only(system.Result, table.MainMetric)))],
        table.Options with { Reference = reference, MainMetric = table.MainMetric, TestedMetrics = null });

    private static EvaluationResult Only(EvaluationResult result, string metric) => result with
    {
        Metrics = result.Metrics.Where(pair => pair.Key == metric).ToDictionary(),
        PerRequest = result.PerRequest.Where(pair => pair.Key == metric).ToDictionary(),
    };

    private static IEnumerable<ComparisonRow> NotAbove(ComparisonTable floor) =>
        floor.Rows.Where(row => row.System != floor.Reference && row.Cells[floor.MainMetric].Verdict is Verdict.NoDifference or Verdict.Worse);

    private static string First(ComparisonTable table, ComparisonRow best)
    {
        var cell = best.Cells[table.MainMetric];
        var interval = cell.Interval is { } reach ? string.Create(CultureInfo.InvariantCulture, $" [{reach.Lower:0.0000}, {reach.Upper:0.0000}]") : "";
        var lower = MetricCatalog.Find(table.MainMetric)?.Direction == MetricDirection.LowerIsBetter ? ", where lower is better" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{best.System} is best on {table.MainMetric}{lower}: {cell.Mean:0.0000}{interval}.");
    }

    private static IEnumerable<string> Equals(ComparisonTable table, ComparisonRow[] others, string[] asGood)
    {
        string Figure(string name)
        {
            var cell = others.First(row => row.System == name).Cells[table.MainMetric];
            return string.Create(CultureInfo.InvariantCulture, $"{name} ({cell.Mean:0.0000}, corrected p {cell.CorrectedPValue:0.###})");
        }

        if (others.Length == 0)
        {
            yield break;
        }

        if (others.Any(row => row.Cells[table.MainMetric].Verdict == Verdict.NotTested))
        {
            yield return $"Not every system could be tested on {table.MainMetric}, so the order of those that were not may be chance.";
        }

        if (asGood.Length > 0)
        {
            yield return $"No difference from {table.Rows[0].System} is shown for {Join([.. asGood.Select(Figure)])}: the paired test with Holm's correction leaves it open.";
        }

        if (others.Count(row => row.Cells[table.MainMetric].Verdict == Verdict.Worse) is > 0 and var worse)
        {
            yield return worse == others.Length
                ? "Every other system is worse by more than chance (paired test, Holm's correction)."
                : $"{(worse == 1 ? "One other system is" : $"{worse} other systems are")} worse by more than chance.";
        }
    }

    private static IEnumerable<string> Costs(SystemReport[] equals)
    {
        (SystemReport? System, string Verb, Func<SystemReport, string> Figure)[] costs =
        [
            (Least(equals, system => system.TrainingSeconds), "trains fastest", system => ReportNumber.Duration(system.TrainingSeconds)),
            (Least(equals, system => system.ScoringMilliseconds), "scores fastest", system => $"{ReportNumber.Milliseconds(system.ScoringMilliseconds)} per {system.ScoredUnit}"),
            (Least(equals, system => system.ModelBytes), "has the smallest model", system => ReportNumber.Size(system.ModelBytes)),
        ];
        var known = costs.Where(cost => cost.System is not null).ToArray();
        if (known.Length == 0)
        {
            yield break;
        }

        if (equals.Length == 1)
        {
            yield return $"What {equals[0].Name} costs: training {ReportNumber.Duration(equals[0].TrainingSeconds)}, scoring "
                + $"{ReportNumber.Milliseconds(equals[0].ScoringMilliseconds)} per {equals[0].ScoredUnit}, model {ReportNumber.Size(equals[0].ModelBytes)}.";
            yield break;
        }

        var clauses = known.GroupBy(cost => cost.System!.Name).Select(group => $"{group.Key} {Join([.. group.Select(cost => $"{cost.Verb} ({cost.Figure(cost.System!)})")])}").ToArray();
        yield return $"Of these {equals.Length}, {Join(clauses)}{(clauses.Length == 1 && known.Length > 1 ? ", so it is the cheapest" : "")}.";
    }

    private static IEnumerable<string> Floor(ComparisonTable floor)
    {
        var metric = floor.MainMetric;
        var own = string.Create(CultureInfo.InvariantCulture, $"{floor.Reference} ({floor.Rows.First(row => row.System == floor.Reference).Cells[metric].Mean:0.0000})");
        string Names(Verdict verdict) => Join([.. floor.Rows.Where(row => row.System != floor.Reference && row.Cells[metric].Verdict == verdict)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.System} ({row.Cells[metric].Mean:0.0000}, corrected p {row.Cells[metric].CorrectedPValue:0.###})"))]);
        if (Names(Verdict.NoDifference) is { Length: > 0 } level)
        {
            yield return $"Level with {own}, the same list for everyone: {level}. The test does not show that it knows users apart: tune it or train it for more epochs before judging it.";
        }

        if (Names(Verdict.Worse) is { Length: > 0 } below)
        {
            yield return $"Below {own}, the same list for everyone: {below}. It was not trained well: tune it before judging it.";
        }

        if (!NotAbove(floor).Any() && floor.Rows.All(row => row.System == floor.Reference || row.Cells[metric].Verdict != Verdict.NotTested))
        {
            yield return $"Every other system is better than {own}, the same list for everyone, by more than chance.";
        }
    }

    private static IEnumerable<string> Constant(IReadOnlyList<SystemReport> systems)
    {
        string[] worse = [.. systems.Where(system => system.Result.Metrics.GetValueOrDefault(RowMetrics.NormalizedEntropy) > 1)
            .Select(system => string.Create(CultureInfo.InvariantCulture, $"{system.Name} ({system.Result.Metrics[RowMetrics.NormalizedEntropy]:0.0000})"))];
        if (worse.Length > 0)
        {
            yield return $"The probabilities of {Join(worse)} are worse than the share of positives, the same for every row ({RowMetrics.NormalizedEntropy} above 1): whatever the order of its rows, do not use them as probabilities.";
        }
    }

    private static SystemReport? Least(SystemReport[] systems, Func<SystemReport, double?> cost) =>
        systems.All(system => cost(system) is not null) ? systems.MinBy(cost) : null;

    private static string Join(string[] parts) => parts.Length < 2 ? string.Concat(parts) : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";
}
