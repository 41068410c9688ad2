using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Reports;
using Tastemaker.Evaluation.Significance;
using Tastemaker.Recommending;

namespace Tastemaker.Runs;

/// <summary>Several systems on one split, measured alike, with paired tests and a report: what 'taste compare' runs.</summary>
internal sealed class Comparison
{
    private readonly Split split;
    private readonly ReportFact[] facts;

    private Comparison(RunConfiguration first, Split split, IReadOnlyList<SystemReport> systems, string? reference)
    {
        this.split = split;
        Systems = systems;
        var metric = first.Training.Metric;
        var options = new ComparisonOptions { Reference = reference, MainMetric = systems[0].Result.Metrics.ContainsKey(metric) ? metric : null };
        Table = ComparisonTable.Compare([.. systems.Select(system => (system.Name, system.Result))], options);
        facts =
        [
            new("Data", $"{split.Train.Data.Name}, fingerprint {split.Train.Data.Fingerprint}"),
            new("Split", $"{split.Description}, fingerprint {split.Fingerprint}"),
            new("Training interactions", $"{split.Train.Interactions.Count:N0}"),
            new("Users and items", $"{split.Train.UserCount:N0} and {split.Train.ItemCount:N0}"),
            new("Seed", $"{first.Training.Seed}"),
        ];
    }

    /// <summary>Ids of the systems that a comparison should not be without.</summary>
    public static IReadOnlyList<string> Baselines { get; } = ["popularity", "item-knn", "ease", "ials"];

    /// <summary>The same where clicks are predicted.</summary>
    public static IReadOnlyList<string> ClickBaselines { get; } = ["lr"];

    /// <summary>What each system gave, in the order of the configurations.</summary>
    public IReadOnlyList<SystemReport> Systems { get; }

    /// <summary>The systems against each other, best first.</summary>
    public ComparisonTable Table { get; }

    /// <summary>Trains and measures all, one after the other.</summary>
    /// <param name="configurations">At least two; checked together before the first trains.</param>
    /// <param name="split">What all are trained and measured on.</param>
    /// <param name="root">The folder of their run folders (see <see cref="Folder"/>); runs completed there are read, not repeated.</param>
    /// <param name="reference">The name (see <see cref="Names"/>) of the system that the others are tested against; null for the best.</param>
    /// <param name="train">Carries out the run of a configuration in its folder; null for <see cref="Experiment"/> unobserved.</param>
    /// <param name="cancellation">Stops; finished runs stay stored.</param>
    /// <exception cref="InputException">All problems of all configurations, or an unknown reference.</exception>
    public static Comparison Run(
        IReadOnlyList<RunConfiguration> configurations,
        Split split,
        string root,
        string? reference = null,
        Func<RunConfiguration, string, ExperimentResult>? train = null,
        CancellationToken cancellation = default)
    {
        var names = Names(configurations).ToList();
        Check(configurations, names, split, reference);
        train ??= (configuration, folder) => Experiment.Run(configuration, split, folder, cancellation: cancellation);
        var systems = names.Zip(configurations, (name, run) => Report(name, train(run, Folder(root, run)), split)).ToList();
        return new Comparison(configurations[0], split, systems, reference);
    }

    /// <summary>Where the run of a configuration lies: named by system and configuration, so that another setting is another run.</summary>
    public static string Folder(string root, RunConfiguration configuration) =>
        Path.Combine(root, $"{configuration.System.Id}-{configuration.Fingerprint[..8]}");

    /// <summary>One name a configuration: the system's id, numbered where it occurs again.</summary>
    public static IEnumerable<string> Names(IReadOnlyList<RunConfiguration> configurations)
    {
        var counts = new Dictionary<string, int>();
        foreach (var run in configurations)
        {
            var number = counts[run.System.Id] = counts.GetValueOrDefault(run.System.Id) + 1;
            yield return number == 1 ? run.System.Id : $"{run.System.Id}-{number}";
        }
    }

    /// <summary>Writes report.html and leaderboard.png.</summary>
    /// <param name="folder">Where to.</param>
    /// <returns>The path of the report.</returns>
    public string WriteReport(string folder)
    {
        var data = split.Train.Data.Name;
        var page = Path.Combine(folder, "report.html");
        HtmlReport.Write(
            new ReportContent
            {
                Title = $"{data}: {Systems.Count} systems",
                Train = split.Train,
                HoldOut = split.Test,
                Systems = Systems,
                Comparison = Table.Options,
                Facts = facts,
                Notes = split.Notes,
            },
            page);
        ReportPicture.WriteLeaderboard(Table, $"{data}, {split.Description}", Path.Combine(folder, "leaderboard.png"));
        return page;
    }

    // What the last system cannot do, and a reference that is not there, must be known before the first one trains.
    private static void Check(IReadOnlyList<RunConfiguration> configurations, List<string> names, Split split, string? reference)
    {
        var problems = configurations
            .SelectMany(run => TrainingCheck.Problems(run.System, run.Options, run.Training, split, SystemCatalog.Systems)).Distinct().ToList();
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

    private static SystemReport Report(string name, ExperimentResult result, Split split)
    {
        using var recommender = result.Recommender;
        return new SystemReport
        {
            Name = name,
            Result = result.Test with { Notes = [.. result.Test.Notes.Select(note => $"{name}: {note}")] },
            Curve = [.. result.Folder!.ReadCurves().Select(epoch => new EpochPoint(epoch.Epoch, epoch.Loss, epoch.Metrics))],
            Samples = SampleList.Take(recommender, split.Test, split.Train.Data, [.. Enumerable.Range(0, Math.Min(3, split.Test.Count))]),
            TrainingSeconds = result.Folder.Manifest.TrainingSeconds,
        };
    }
}
