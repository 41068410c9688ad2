using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Recommending;

namespace Tastemaker.Runs;

/// <summary>What the last system of a comparison cannot do must be known before the first one trains.</summary>
internal static class ComparisonCheck
{
    /// <summary>Fails if systems cannot be compared on a split; names every unsuitable system with its reasons.</summary>
    /// <exception cref="InputException">All problems found.</exception>
    public static void Demand(IReadOnlyList<RunConfiguration> configurations, IReadOnlyList<string> names, Split split, string? reference)
    {
        var problems = names.Zip(configurations)
            .SelectMany(pair => Problems(pair.Second, split).Select(problem => (Name: pair.First, Problem: problem)))
            .GroupBy(found => found.Problem, found => found.Name)
            .Select(group => $"{string.Join(", ", group)}: {group.Key}").ToList();
        var ranking = split.Test.Impressions is null ? [] : configurations.Select(run => run.System).Where(system => !system.PredictsClicks).Select(system => system.Id).ToList();
        if (ranking.Count > 0 && ranking.Count < configurations.Count)
        {
            problems.Add($"On labelled rows, systems that predict clicks cannot be compared with systems that only rank. Leave out {string.Join(", ", ranking)}, or all others.");
        }

        if (!split.HasTest)
        {
            problems.Add($"The split '{split.Description}' holds nothing out, so systems cannot be compared on it. Leave --split out, or name one that holds out a test part.");
        }

        if (reference is not null && !names.Contains(reference))
        {
            problems.Add($"The reference '{reference}' is not among the systems: {string.Join(", ", names)}.");
        }

        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }

    /// <summary>Leaves out baselines that nobody asked for and that cannot be compared here; whatever else is wrong is left to <see cref="Demand"/>.</summary>
    /// <param name="configurations">All that is to be compared.</param>
    /// <param name="split">What on.</param>
    /// <param name="isNamed">Whether the user asked for a system of this id.</param>
    /// <returns>What remains, and a note on each baseline that does not.</returns>
    /// <exception cref="InputException">Fewer than two systems remain.</exception>
    public static (IReadOnlyList<RunConfiguration> Suitable, IReadOnlyList<string> Notes) WithoutUnsuitable(
        IReadOnlyList<RunConfiguration> configurations, Split split, Predicate<string> isNamed)
    {
        var (suitable, notes) = (new List<RunConfiguration>(), new List<string>());
        foreach (var run in configurations)
        {
            var problems = isNamed(run.System.Id) ? [] : Problems(run, split);
            if (problems.Count == 0)
            {
                suitable.Add(run);
            }
            else
            {
                notes.Add($"The baseline {run.System.Id} is left out: {string.Join(" ", problems)}");
            }
        }

        // What makes the named systems fail as well is said by them.
        return suitable.Count >= 2 || notes.Count == 0 || suitable.Exists(run => Problems(run, split).Count > 0)
            ? (suitable, notes)
            : throw new InputException([.. notes, $"With {suitable[0].System.Id} alone there is nothing to compare: name another system in --systems."]);
    }

    private static IEnumerable<string> MetricProblems(RunConfiguration run, Split split) => run.Evaluation.Metrics
        .Concat(split.Validation is null ? [] : new[] { run.Training.Metric })
        .Where(metric => MetricCatalog.Find(metric)?.Kind == MetricKind.Value && !run.System.PredictsRatings)
        .Select(metric => $"'{metric}' needs predicted values (ratings), and {run.System.Name} only ranks. Leave one of the two out.");

    private static List<string> Problems(RunConfiguration run, Split split)
    {
        var name = $"{run.System.Name}: ";
        return [.. TrainingCheck.Problems(run.System, run.Options, run.Training, split, SystemCatalog.Systems).Concat(MetricProblems(run, split))
            .Select(problem => problem.StartsWith(name, StringComparison.Ordinal) ? problem[name.Length..] : problem).Distinct()];
    }
}
