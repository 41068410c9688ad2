using System.Text.RegularExpressions;
using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Runs;
using Tastemaker.Systems;
using Tastemaker.Tests.Conformance;
using Tastemaker.Tuning;
using Tastemaker.Tuning.Reports;
using Tastemaker.Tuning.Trials;

namespace Tastemaker.Tests.Tuning;

[Collection(nameof(SerialTorch))]
public sealed partial class TunerTests(TunerTests.FinishedSearch finished) : IClassFixture<TunerTests.FinishedSearch>, IDisposable
{
    private static readonly Split Split = ConformanceData.Split([], validate: true);

    private readonly string root = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>One search, done once, for all tests that only look at it.</summary>
    public sealed class FinishedSearch : IDisposable
    {
        public FinishedSearch() => Outcome = Tuner.Run(Plan(), Split, Folder);

        internal TuningFolder Folder { get; } = new(Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}"));

        internal TuningOutcome Outcome { get; }

        public void Dispose() => Directory.Delete(Folder.FullPath, recursive: true);
    }

    private static TuningOptions Few => new() { Trials = 6, Startup = 3, Search = ["learning-rate=1e-3..1e-1:log", "dimension=2,4,8"], Only = true };

    private static TuningPlan Plan(TuningOptions? tuning = null, string system = "bpr-mf", int epochs = 9, ulong seed = 42)
    {
        var info = SystemCatalog.Find(system);
        // A start that leaves something to find.
        ModelOptions options = system == "bpr-mf" ? new BprMfOptions { LearningRate = 0.02, Regularization = 0.02, InitialDeviation = 0.1 } : info.DefaultOptions;
        OptionSchema.Of(info.OptionsType).Find("epochs")?.Property.SetValue(options, epochs);
        var start = new RunConfiguration { System = info, Options = options, Training = new TrainingOptions { Threads = 1, Seed = seed } };
        return TuningPlan.Of(start, tuning ?? Few, Split);
    }

    private static string Lines(string folder) => Seconds().Replace(File.ReadAllText(new TuningFolder(folder).Journal), "");

    // The search without what comes after it.
    private static IReadOnlyList<Trial> Search(TuningPlan plan, string folder, ITuningObserver? observer = null, CancellationToken cancellation = default)
    {
        var at = new TuningFolder(folder);
        using var journal = Journal.Open(at.Journal);
        return new TrialSearch(plan, observer).Run(journal, () => new LocalTrials(plan, Split, at, []), cancellation);
    }

    private string Folder(string name) => Path.Combine(root, name);

    private sealed class StopAfter(int jobs, CancellationTokenSource source) : ITuningObserver
    {
        private int left = jobs;

        public void On(TuningEvent tuningEvent)
        {
            if (tuningEvent is TuningEvent.TrialBegan && --left < 0)
            {
                source.Cancel();
            }
        }
    }

    private static void RunInterrupted(TuningPlan plan, string folder, int jobs)
    {
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => Search(plan, folder, new StopAfter(jobs, stop), stop.Token));
    }

    [Fact]
    public void A_search_finds_a_setting_at_least_as_good_as_the_default_and_tests_it()
    {
        var (folder, outcome) = (finished.Folder, finished.Outcome);

        outcome.Trials.Count.ShouldBe(6);
        outcome.Trials[0].Point.Text.ShouldBe("dimension=64 learning-rate=0.02"); // the default comes first, also outside the space
        outcome.Best.Last!.Metric!.Value.ShouldBe(outcome.Trials.Max(trial => trial.Last!.Metric!.Value));
        outcome.Comparison.ShouldNotBeNull().Rows.Select(row => row.System).Order().ShouldBe(["default", "tuned"]);
        outcome.Comparison.Tests.ShouldBe(1);
        outcome.Importance.Count.ShouldBe(2);
        foreach (var name in TuningPictures.Names(outcome.Plan))
        {
            new FileInfo(folder.Picture(name)).Length.ShouldBeGreaterThan(1000, name);
        }

        File.ReadAllText(folder.Report).ShouldContain("Tuned against default");
        RunFolder.List(Path.Combine(folder.FullPath, "trials")).ShouldAllBe(run => run.Manifest.State == RunStatus.Tried && !Directory.Exists(run.Checkpoints) && !Directory.Exists(run.Model));
    }

    [Fact]
    public void The_figures_of_trials_are_those_of_training_the_setting_alone()
    {
        var retrained = finished.Outcome.Tuned.ReadCurves().Max(epoch => epoch.Metrics["ndcg@10"]);

        retrained.ShouldBe(finished.Outcome.Best.Last!.Metric!.Value);
    }

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 5)]
    public void An_interrupted_search_goes_on_to_the_journal_of_an_uninterrupted_one(bool halving, int jobs)
    {
        var tuning = Few with { Halving = halving };
        Search(Plan(tuning), Folder("whole"));
        RunInterrupted(Plan(tuning), Folder("stopped"), jobs);
        File.AppendAllText(new TuningFolder(Folder("stopped")).Journal, "{\"event\":\"trial\",\"tri"); // a line torn by a crash
        Search(Plan(tuning), Folder("stopped"));

        Lines(Folder("stopped")).ShouldBe(Lines(Folder("whole")));
    }

    [Fact]
    public void A_finished_search_is_read_back_and_goes_on_when_more_trials_are_asked_for()
    {
        Search(Plan(), root);
        var journal = File.ReadAllText(new TuningFolder(root).Journal);
        var trained = new DirectoryInfo(Folder("trials")).LastWriteTimeUtc;
        Search(Plan(), root).Count.ShouldBe(6);
        File.ReadAllText(new TuningFolder(root).Journal).ShouldBe(journal);
        new DirectoryInfo(Folder("trials")).LastWriteTimeUtc.ShouldBe(trained);

        Search(Plan(Few with { Trials = 8 }), root).Count.ShouldBe(8);
        File.ReadAllText(new TuningFolder(root).Journal).ShouldStartWith(journal);
    }

    [Fact]
    public void Another_search_is_refused_and_what_differs_is_named()
    {
        Should.Throw<InputException>(() => Tuner.Run(Plan(Few with { Search = ["dimension=2,4"] }), Split, finished.Folder)).Message.ShouldContain("space was");
        Should.Throw<InputException>(() => Tuner.Run(Plan(seed: 7), Split, finished.Folder)).Message.ShouldContain("configuration was");
    }

    [Fact]
    public void A_journal_is_held_by_one_search_at_a_time()
    {
        using var held = Journal.Open(new TuningFolder(root).Journal);
        Should.Throw<InputException>(() => Tuner.Run(Plan(), Split, new TuningFolder(root))).Message.ShouldContain($"this search is in progress (process {Environment.ProcessId})");
    }

    [Fact]
    public void Halving_stops_most_trials_early_and_resumes_the_rest_from_their_checkpoints()
    {
        var outcome = Tuner.Run(Plan(Few with { Halving = true, Trials = 9 }), Split, new TuningFolder(root));

        outcome.Plan.Rungs!.Text.ShouldBe("1, 3, 9 epochs");
        outcome.Best.Results.Count.ShouldBe(3);
        outcome.Trials[0].Results.Count.ShouldBe(3);
        outcome.Trials.Count(trial => trial.Results.Count == 1).ShouldBeGreaterThanOrEqualTo(5);
        // Every epoch was trained once: a trial that was restarted would have logged its first again.
        foreach (var trial in outcome.Trials)
        {
            var log = File.ReadLines(RunFolder.Open(new TuningFolder(root).Trial(trial.Number)).Log).Count(line => line.Contains("\"epochCompleted\"", StringComparison.Ordinal));
            log.ShouldBe(trial.Last!.Epochs);
        }

        // Training in pieces is training in one: the figure of the final run, trained whole, is the same.
        outcome.Tuned.ReadCurves().Max(epoch => epoch.Metrics["ndcg@10"]).ShouldBe(outcome.Best.Last!.Metric!.Value);
    }

    [Fact]
    public void A_trial_that_diverges_is_noted_as_failed_and_the_search_goes_on()
    {
        var tuning = new TuningOptions { Trials = 3, Sampler = SamplerKind.Grid, Only = true, Search = ["learning-rate=10,0.01", "optimizer=sgd,adam"] };
        var info = SystemCatalog.Find("gmf");
        var options = (GradientModelOptions)SystemCases.Options(info) with { Epochs = 2, WeightDecay = 10, Optimizer = OptimizerKind.Adam };
        var start = new RunConfiguration { System = info, Options = options, Training = new TrainingOptions { Threads = 1 } };
        var plan = TuningPlan.Of(start, tuning, Split);
        var trials = Search(plan, root);

        var failed = trials.Single(trial => trial.Failed);
        failed.Point.Text.ShouldBe("optimizer=sgd learning-rate=10");
        failed.Last!.Failure.ShouldNotBeNull().ShouldContain("not a number");
        plan.Best(trials)!.Failed.ShouldBeFalse();
    }

    [Fact]
    public void The_best_setting_is_a_recipe_and_a_configuration_that_read_back()
    {
        var (folder, outcome) = (finished.Folder, finished.Outcome);
        var best = outcome.Plan.Configuration(outcome.Best.Point);
        var recipe = RecipeReader.Read(folder.Recipe, SystemCatalog.Find);

        recipe.Entries.Select(entry => entry.Label).ShouldBe(["tuned", "default"]);
        recipe.Entries[0].Configuration.Options.ShouldBe(best.Options);
        recipe.Entries[1].Configuration.Options.ShouldBe(outcome.Plan.Start.Options);
        recipe.Entries[0].Configuration.Fingerprint.ShouldBe(best.Fingerprint);
        RunConfigurationReader.Read(SystemCatalog.Find, ConfigurationSource.FromFile(folder.Settings), []).Fingerprint.ShouldBe(best.Fingerprint);
    }

    [Fact]
    public void Retraining_trains_the_best_number_of_epochs_on_training_and_validation_part()
    {
        var split = SplitterSyntax.Parse("ratio-by-user(test=0.2,validation=0.2)").Apply(Split.Train.Data, seed: 1);
        var plan = TuningPlan.Of(Plan().Start, Few with { Trials = 3, Retrain = true }, split);
        var outcome = Tuner.Run(plan, split, new TuningFolder(root));

        outcome.Tuned.ReadCurves().Count.ShouldBe(outcome.Best.Last!.BestEpoch!.Value + 1);
        outcome.Tuned.Manifest.SplitFingerprint.ShouldBe(split.WithValidationInTraining().Fingerprint);
    }

    [Fact]
    public void A_closed_form_is_measured_once_and_cannot_be_halved()
    {
        var tuning = new TuningOptions { Trials = 3 };
        Search(Plan(tuning, "ease"), root).ShouldAllBe(trial => trial.Last!.Epochs == 1 && trial.Last.BestEpoch == null);
        Should.Throw<InputException>(() => Plan(tuning with { Halving = true }, "ease")).Message.ShouldContain("1 epoch");
    }

    [Fact]
    public void A_split_without_validation_is_refused_with_the_remedy()
    {
        var start = new RunConfiguration { System = SystemCatalog.Find("ease"), Options = SystemCatalog.Find("ease").DefaultOptions };
        Should.Throw<InputException>(() => TuningPlan.Of(start, new TuningOptions(), ConformanceData.Split([])))
            .Message.ShouldContain("--split \"ratio-by-user(test=0.2,validation=0.1)\"");
    }

    [Fact]
    public void Fixed_options_are_not_searched_and_all_problems_are_named_at_once()
    {
        Plan(new TuningOptions { Fix = ["learning-rate=0.5", "candidates=2"] }).ShouldSatisfyAllConditions(
            plan => plan.Space.Dimensions.Select(dimension => dimension.Name).ShouldBe(["dimension", "regularization"]),
            plan => OptionText.Of(OptionSchema.Of(plan.Start.Options.GetType()).Find("learning-rate")!.Property.GetValue(plan.Start.Options)).ShouldBe("0.5"));
        var problems = Should.Throw<InputException>(() => Plan(new TuningOptions { Fix = ["dimensoin=3", "dimension=4"], Search = ["dimension=4..8"], Time = "soon", Trials = 0 })).Problems;

        problems.ShouldContain(problem => problem.Contains("Did you mean 'dimension'", StringComparison.Ordinal));
        problems.ShouldContain(problem => problem.Contains("leave one of the two out", StringComparison.Ordinal));
        problems.ShouldContain(problem => problem.Contains("--time soon", StringComparison.Ordinal));
        problems.ShouldContain(problem => problem.Contains("trials is 0", StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_keeps_the_sections_of_other_studies()
    {
        TuningOutcome Titled(string title) => finished.Outcome with { Plan = Plan(Few with { Title = title }) };
        var page = TuningPage.Of(Titled("One"), "taste tune one", null, TuningPage.Of(Titled("Two"), "taste tune two", null));
        var again = TuningPage.Of(Titled("One"), "taste tune one", null, page);

        again.ShouldBe(page);
        page.ShouldContain("\n## Two\n");
        page.ShouldContain("| learning-rate | 0.001..0.1:log | 0.02 |");
    }

    [Fact]
    public void Importance_is_the_share_of_the_variance_between_groups()
    {
        // Total mean square 3.5, within groups 1: adjusted R squared 1 - 1 / 3.5.
        OptionImportance.Explained([[0, 1, 2], [3, 4, 5]]).ShouldBe(1 - (1 / 3.5), 1e-12);
        OptionImportance.Explained([[0, 5], [1, 4], [2, 3]]).ShouldBe(0); // equal means
        OptionImportance.Explained([[1, 2, 3]]).ShouldBe(0);
    }

    [GeneratedRegex("\"seconds\":[^,}]*")]
    private static partial Regex Seconds();
}
