using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Significance;
using Tastemaker.Recommending;
using Tastemaker.Training;

namespace Tastemaker.Runs;

/// <summary>Several systems on one split, measured alike, with paired tests: what 'taste compare' runs.</summary>
internal static class Comparison
{
    private static readonly string[] Floor = ["popularity", "item-knn", "ease"];
    private static readonly string[] RatingFloor = ["biased-mf"];

    /// <summary>Adds the baselines that a table should not be without, where the data allows them and they are not in it already.</summary>
    /// <param name="configurations">The systems asked for; at least one.</param>
    /// <param name="split">What all are measured on.</param>
    public static IReadOnlyList<RunConfiguration> WithBaselines(IReadOnlyList<RunConfiguration> configurations, Split split)
    {
        var ids = Floor.Concat(configurations.Any(run => run.System.PredictsRatings) ? RatingFloor : []);
        var missing = SystemCatalog.Systems.Where(system => ids.Contains(system.Id) && configurations.All(run => run.System.Id != system.Id));
        return
        [
            .. configurations,
            .. missing.Select(system => configurations[0] with { System = system, Options = system.DefaultOptions, Origins = new Dictionary<string, string>() })
                .Where(run => TrainingCheck.Problems(run.System, run.Options, run.Training, split, SystemCatalog.Systems).Count == 0),
        ];
    }

    /// <summary>Trains and measures all, one after the other.</summary>
    /// <param name="configurations">One a system; checked together before the first trains.</param>
    /// <param name="split">What all are trained and measured on.</param>
    /// <param name="root">Where run folders go, one a label; null to store nothing.</param>
    /// <param name="observe">Gives the observers of a run by its label.</param>
    /// <param name="options">How they are compared.</param>
    /// <param name="cancellation">Stops; finished runs stay stored and are not run again.</param>
    /// <returns>The runs by label, in the order given (recommenders are the caller's to dispose), and the table.</returns>
    /// <exception cref="InputException">All problems of all configurations.</exception>
    public static (IReadOnlyList<(string Label, ExperimentResult Result)> Runs, ComparisonTable Table) Run(
        IReadOnlyList<RunConfiguration> configurations,
        Split split,
        string? root = null,
        Func<string, IReadOnlyList<ITrainingObserver>>? observe = null,
        ComparisonOptions? options = null,
        CancellationToken cancellation = default)
    {
        var problems = configurations
            .SelectMany(run => TrainingCheck.Problems(run.System, run.Options, run.Training, split, SystemCatalog.Systems)).Distinct().ToList();
        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }

        var runs = new List<(string Label, ExperimentResult Result)>();
        try
        {
            foreach (var (label, run) in Labels(configurations).Zip(configurations))
            {
                var folder = root is null ? null : Path.Combine(root, label);
                runs.Add((label, Experiment.Run(run, split, folder, observe?.Invoke(label), cancellation: cancellation)));
            }

            return (runs, Compare(runs, options));
        }
        catch
        {
            runs.ForEach(run => run.Result.Recommender.Dispose());
            throw;
        }
    }

    /// <summary>The table of completed runs of one split.</summary>
    /// <exception cref="InputException">The runs are of different splits.</exception>
    public static ComparisonTable Compare(IReadOnlyList<(string Label, RunFolder Run)> runs, ComparisonOptions? options = null)
    {
        var splits = runs.GroupBy(run => run.Run.Manifest.SplitFingerprint).ToList();
        return splits.Count == 1
            ? ComparisonTable.Compare([.. runs.Select(run => (run.Label, run.Run.ReadResult()))], options)
            : throw new InputException(
                $"The runs are of {splits.Count} different splits ({string.Join("; ", splits.Select(split => split.First().Run.Manifest.Split))}); only runs of one split can be compared.");
    }

    /// <summary>One name a configuration: the system's id, numbered where it occurs again.</summary>
    public static IEnumerable<string> Labels(IReadOnlyList<RunConfiguration> configurations)
    {
        var counts = new Dictionary<string, int>();
        foreach (var run in configurations)
        {
            var number = counts[run.System.Id] = counts.GetValueOrDefault(run.System.Id) + 1;
            yield return number == 1 ? run.System.Id : $"{run.System.Id}-{number}";
        }
    }

    private static ComparisonTable Compare(List<(string Label, ExperimentResult Result)> runs, ComparisonOptions? options) =>
        ComparisonTable.Compare([.. runs.Select(run => (run.Label, run.Result.Test))], options);
}
