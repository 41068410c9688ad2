using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Reports;
using Tastemaker.Evaluation.Significance;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Systems;

namespace Tastemaker.Runs;

/// <summary>Several systems on one split, measured alike, with paired tests and a report: what 'taste compare' runs.</summary>
internal sealed class Comparison
{
    private readonly Split split;
    private readonly ReportFact[] facts;

    private Comparison(
        RunConfiguration first, Split split, IReadOnlyList<SystemReport> systems, IReadOnlyList<ModelOptions> trained, bool canKnowColdItems, IReadOnlyList<FailedSystem> failed, string? reference)
    {
        this.split = split;
        (Systems, Failed) = (SharedNotes.Part(systems, out var shared), failed);
        var metric = first.Training.Metric;
        var options = new ComparisonOptions
        {
            Reference = failed.Any(system => system.Name == reference) ? null : reference,
            MainMetric = systems.All(system => system.Result.Metrics.ContainsKey(metric)) ? metric : null,
        };
        Table = ComparisonTable.Compare([.. systems.Select(system => (system.Name, system.Result))], options);
        Conclusion = !canKnowColdItems && ColdTargets.AreAll(split.Train, split.Test)
            ? Conclusion.None(Table.MainMetric, $"No verdict: all {split.Test.Targets.EntryCount:N0} test targets are items that never occur in training, so none of these systems can know any of them, and the order is chance. "
                + "Use another split, such as --split ratio-by-user or --split \"leave-one-out(by=random)\", or more data per item (--filter \"k-core(5)\").")
            : Conclusion.Of(Systems, Table, systems.FirstOrDefault(system => system.Name == Popularity.Info.Id)?.Name);
        Notes =
        [
            .. split.Notes.Concat(shared).Concat(Table.Notes).Distinct(),
            .. options.Reference == reference ? [] : new[] { $"The reference {reference} failed, so the others are tested against the best, {Table.Reference}." },
        ];
        facts = ComparisonFacts.Of(first, split, [.. systems.Zip(trained, (system, options) => (system.Name, options))]);
    }

    /// <summary>Ids of the systems that a comparison should not be without.</summary>
    public static IReadOnlyList<string> Baselines { get; } = ["popularity", "item-knn", "ease", "ials"];

    /// <summary>The same where clicks are predicted.</summary>
    public static IReadOnlyList<string> ClickBaselines { get; } = ["lr"];

    /// <summary>What each system gave, in the order of the configurations, without those that failed.</summary>
    public IReadOnlyList<SystemReport> Systems { get; }

    /// <summary>The systems that failed, in the order of the configurations.</summary>
    public IReadOnlyList<FailedSystem> Failed { get; }

    /// <summary>The systems against each other, best first.</summary>
    public ComparisonTable Table { get; }

    /// <summary>What it comes to.</summary>
    public Conclusion Conclusion { get; }

    /// <summary>The verdict in sentences: the conclusion, and which systems it says nothing of.</summary>
    public IReadOnlyList<string> Verdict => Failed.Count == 0
        ? Conclusion.Sentences
        : [.. Conclusion.Sentences, $"{string.Join(", ", Failed.Select(system => system.Name))} failed, so this says nothing of {(Failed.Count == 1 ? "it" : "them")}."];

    /// <summary>Things to know when reading the figures, of the data or of all systems; those of one system are in its report.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Trains and measures all, one after the other. A system that fails does not stop the others.</summary>
    /// <param name="configurations">At least two; checked together before the first trains (see <see cref="ComparisonCheck"/>).</param>
    /// <param name="split">What all are trained and measured on.</param>
    /// <param name="root">The folder of their run folders (see <see cref="Folder"/>); runs completed there are read, not repeated.</param>
    /// <param name="reference">The name (see <see cref="Names"/>) of the system that the others are tested against; null for the best.</param>
    /// <param name="train">Carries out the run of a configuration in its folder; null for <see cref="Experiment"/> unobserved.</param>
    /// <param name="onFailure">Is told at once of a system that failed.</param>
    /// <param name="cancellation">Stops; finished runs stay stored.</param>
    /// <exception cref="InputException">All problems of all configurations, or an unknown reference.</exception>
    /// <exception cref="InvalidOperationException">Every system failed.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Comparison Run(
        IReadOnlyList<RunConfiguration> configurations,
        Split split,
        string root,
        string? reference = null,
        Func<RunConfiguration, string, ExperimentResult>? train = null,
        Action<FailedSystem, Exception>? onFailure = null,
        CancellationToken cancellation = default)
    {
        var names = Names(configurations).ToList();
        ComparisonCheck.Demand(configurations, names, split, reference);
        using var held = RunLock.Take(root, "comparison");
        train ??= (configuration, folder) => Experiment.Run(configuration, split, folder, cancellation: cancellation);
        var (systems, options, failed) = (new List<SystemReport>(), new List<ModelOptions>(), new List<FailedSystem>());
        foreach (var (name, run) in names.Zip(configurations))
        {
            try
            {
                var result = train(run, Folder(root, run));
                options.Add(result.Recommender.Origin.Options);
                systems.Add(Report(name, result, split));
            }
            catch (Exception error) when (error is not OperationCanceledException && !cancellation.IsCancellationRequested && WriteFailure.Explain(error) is null)
            {
                failed.Add(new FailedSystem(name, Reason(error)));
                onFailure?.Invoke(failed[^1], error);
            }
        }

        return systems.Count > 0
            ? new Comparison(
                configurations[0], split, systems, options, split.Train.Data.ItemFeatures is not null && configurations.Any(ReadsItems), failed, reference)
            : throw new InvalidOperationException($"Every system failed. {string.Join(" ", failed.Select(system => $"{system.Name}: {system.Reason}"))}");
    }

    /// <summary>Where the run of a configuration lies: named by system and configuration, so that another setting is another run.</summary>
    public static string Folder(string root, RunConfiguration configuration) =>
        Path.Combine(root, $"{configuration.System.Id}-{configuration.Fingerprint[..8]}");

    /// <summary>One name per configuration: the system's id, numbered where it occurs again.</summary>
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
                Failed = Failed,
                Verdict = Verdict,
                Comparison = Table.Options,
                Facts = facts,
                Notes = Notes,
            },
            page);
        ReportPicture.WriteLeaderboard(Table, $"{data}, {split.Description}", Path.Combine(folder, "leaderboard.png"));
        return page;
    }

    private static bool ReadsItems(RunConfiguration run) =>
        run.System.Inputs.Any(input => input.IsOfFeatures);

    private static string Reason(Exception error)
    {
        var cause = error;
        while (cause.InnerException is { } inner && cause is not InputException)
        {
            cause = inner;
        }

        var text = cause is OutOfMemoryException ? "There was not enough memory." : cause.Message.ReplaceLineEndings(" ").Trim();
        return text.Length > 0 ? text : cause.GetType().Name;
    }

    private static SystemReport Report(string name, ExperimentResult result, Split split)
    {
        using var recommender = result.Recommender;
        return new SystemReport
        {
            Name = name,
            Result = result.Test,
            Curve = [.. result.Folder!.ReadCurves().Select(epoch => new EpochPoint(epoch.Epoch + 1, epoch.Loss, epoch.Metrics))],
            Samples = SampleList.Take(recommender, split.Test, split.Train.Data, [.. Enumerable.Range(0, Math.Min(3, split.Test.Count))]),
            TrainingSeconds = result.Folder.Manifest.TrainingSeconds,
            ModelBytes = new DirectoryInfo(result.Folder.Measured).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length),
        };
    }
}
