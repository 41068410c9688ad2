using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Reports;
using Tastemaker.Models.Baselines;
using Tastemaker.Models.Boltzmann;
using Tastemaker.Options;
using Tastemaker.Runs;
using Tastemaker.Systems;
using Tastemaker.Tests.Conformance;
using Tastemaker.Training;

namespace Tastemaker.Tests.Runs;

public sealed class ComparisonTests : IDisposable
{
    private readonly string root = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private sealed class StopAt(int epoch, CancellationTokenSource source) : ITrainingObserver
    {
        public void On(TrainingEvent trainingEvent)
        {
            if (trainingEvent is TrainingEvent.EpochCompleted completed && completed.Epoch == epoch)
            {
                source.Cancel();
            }
        }
    }

    private static RunConfiguration Configuration(string system) => new()
    {
        System = SystemCatalog.Find(system),
        Options = SystemCases.Options(SystemCatalog.Find(system)),
        Training = new TrainingOptions { Threads = 1, Patience = 0 },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Where_no_test_target_can_be_known_there_is_no_verdict_but_the_reason_and_the_remedy()
    {
        var data = new Dataset
        {
            Name = "cold",
            Users = new Vocabulary(["u", "v", "w"]),
            Items = new Vocabulary(Enumerable.Range(0, 8).Select(item => $"i{item}")),
            Interactions = new Interactions([0, 1, 2, 0, 1, 2, 0, 1], [0, 1, 2, 0, 3, 4, 5, 6], null, [0, 1, 2, 3, 9, 10, 11, 12]),
        };
        var split = new Temporal { TestFrom = 0 } with { TestFrom = null, Test = 0.5m, Validation = 0 };

        var comparison = Comparison.Run([Configuration("popularity"), Configuration("ease")], split.Apply(data, 1), root, cancellation: Token);

        comparison.Verdict.Single().ShouldStartWith("No verdict: all 4 test targets are items that never occur in training");
        comparison.Verdict.Single().ShouldContain("--split");
        comparison.Conclusion.Best.ShouldBeNull();
        comparison.Notes.Count(note => note.Contains("never occur in training")).ShouldBe(1);
    }

    [Fact]
    public void The_report_holds_what_is_needed_to_repeat_the_comparison()
    {
        var split = ConformanceData.Split([]);
        var data = new Data.Import.DataOptions { Paths = ["shop.csv"], User = "Customer", Filters = ["k-core(2)"] };
        var whole = split.Train.Data with { History = ["imported from shop.csv", "columns: user = Customer, item = SKU", "k-core(2)"] };
        RunConfiguration[] all = [Configuration("popularity") with { Data = data }, Configuration("ease") with { Data = data, Options = new EaseOptions { Regularization = 77 } }];

        var page = File.ReadAllText(Comparison.Run(all, split with { Whole = whole }, root, cancellation: Token).WriteReport(root));

        page.ShouldContain("columns: user = Customer, item = SKU; k-core(2)");
        page.ShouldContain("user=Customer");
        page.ShouldContain("<dt>Options of ease</dt><dd>regularization=77");
        page.Split("<dt>Training interactions</dt>").Length.ShouldBe(2);
    }

    [Fact]
    public void A_comparison_measures_every_system_stores_its_run_and_writes_a_report()
    {
        var split = ConformanceData.Split([], validate: true);
        RunConfiguration[] all = [Configuration("bpr-mf"), Configuration("popularity"), Configuration("bpr-mf") with { Training = new TrainingOptions { Threads = 1, Seed = 9 } }];

        var comparison = Comparison.Run(all, split, root, reference: "popularity", cancellation: Token);

        comparison.Systems.Select(system => system.Name).ShouldBe(["bpr-mf", "popularity", "bpr-mf-2"]);
        comparison.Systems[0].Curve.Count.ShouldBe(40);
        comparison.Table.Rows[^1].System.ShouldBe("popularity");
        comparison.Table.Reference.ShouldBe("popularity");
        RunFolder.List(root).Select(run => run.FullPath).ShouldBe(all.Select(run => Path.GetFullPath(Comparison.Folder(root, run))), ignoreOrder: true);
        File.ReadAllText(comparison.WriteReport(root)).ShouldContain("bpr-mf-2");
        File.Exists(Path.Combine(root, "leaderboard.png")).ShouldBeTrue();
    }

    [Fact]
    public void A_comparison_names_all_that_is_wrong_before_its_first_system_trains()
    {
        var error = Should.Throw<InputException>(() => Comparison.Run(
            [Configuration("popularity"), Configuration("biased-mf")], ConformanceData.Split([]), root, reference: "eas", cancellation: Token));
        error.Problems.Count.ShouldBe(2);
        error.Message.ShouldContain("ratings");
        error.Message.ShouldContain("popularity, biased-mf");
        Directory.Exists(root).ShouldBeFalse();
    }

    [Fact]
    public void A_system_that_fails_becomes_a_row_with_its_reason_and_the_others_go_on()
    {
        var split = ConformanceData.Split([]);
        RunConfiguration[] all = [Configuration("bpr-mf"), Configuration("popularity"), Configuration("ease")];
        var told = new List<string>();

        var comparison = Comparison.Run(all, split, root, reference: "bpr-mf", Failing("bpr-mf", split), (system, _) => told.Add(system.Name), Token);

        told.ShouldBe(["bpr-mf"]);
        comparison.Failed.ShouldBe([new FailedSystem("bpr-mf", "The loss became infinite.")]);
        comparison.Table.Rows.Select(row => row.System).ShouldBe(["ease", "popularity"]);
        comparison.Table.Reference.ShouldBe("ease");
        comparison.Notes.ShouldContain("The reference bpr-mf failed, so the others are tested against the best, ease.");
        comparison.Verdict[^1].ShouldBe("bpr-mf failed, so this says nothing of it.");
        File.ReadAllText(comparison.WriteReport(root)).ShouldContain("failed: The loss became infinite.");

        // What was finished is read, what failed is tried again.
        var trained = new List<string>();
        var again = Comparison.Run(all, split, root, train: (run, folder) => Counted(trained, Experiment.Run(run, split, folder, cancellation: Token)), cancellation: Token);
        trained.ShouldBe(["bpr-mf"]);
        again.Failed.ShouldBeEmpty();
        again.Table.Rows.Count.ShouldBe(3);
    }

    [Fact]
    public void A_comparison_that_is_stopped_stops_whole()
    {
        var split = ConformanceData.Split([]);
        using var stop = new CancellationTokenSource();
        RunConfiguration[] all = [Configuration("popularity"), Configuration("bpr-mf"), Configuration("ease")];

        Should.Throw<OperationCanceledException>(() => Comparison.Run(
            all, split, root, train: (run, folder) => Experiment.Run(run, split, folder, [new StopAt(2, stop)], cancellation: stop.Token), cancellation: stop.Token));

        RunFolder.Open(Comparison.Folder(root, all[0])).Manifest.State.ShouldBe(RunStatus.Completed);
        RunFolder.Open(Comparison.Folder(root, all[1])).Manifest.State.ShouldBe(RunStatus.Interrupted);
        RunFolder.Exists(Comparison.Folder(root, all[2])).ShouldBeFalse();
    }

    [Fact]
    public void Where_every_system_fails_all_reasons_are_given()
    {
        var split = ConformanceData.Split([]);
        Should.Throw<InvalidOperationException>(() => Comparison.Run(
            [Configuration("ease"), Configuration("popularity")], split, root, train: (run, _) => throw new InsufficientMemoryException(), cancellation: Token))
            .Message.ShouldBe("Every system failed. ease: There was not enough memory. popularity: There was not enough memory.");
    }

    [Fact]
    public void What_the_values_forbid_is_known_before_anything_trains_and_names_the_system()
    {
        var split = ManyLevels();
        var ials = Configuration("ials");
        RunConfiguration[] all =
        [
            Configuration("popularity"),
            Configuration("i-rbm-cf"),
            Configuration("u-cf-nade"),
            Configuration("ui-rbm") with { Options = new UiRbmOptions { Units = RbmUnits.Multinomial } },
            ials with { Options = ((IalsOptions)ials.Options) with { UseValues = true } },
        ];

        var problems = Should.Throw<InputException>(() => Comparison.Run(all, split, root, cancellation: Token)).Problems;

        problems.Count.ShouldBe(4);
        foreach (var (problem, id) in problems.Zip(["i-rbm-cf", "u-cf-nade", "ui-rbm", "ials"]))
        {
            problem.ShouldStartWith($"{id}: ");
            problem.ShouldNotContain("The system");
        }

        Directory.Exists(root).ShouldBeFalse();
    }

    [Fact]
    public void Baselines_that_nobody_named_are_left_out_with_a_note_where_they_are_unsuitable()
    {
        var split = ManyLevels();
        RunConfiguration[] all = [Configuration("biased-mf"), Configuration("svd++"), Configuration("i-rbm-cf")];

        var (suitable, notes) = ComparisonCheck.WithoutUnsuitable(all, split, id => id is "biased-mf" or "svd++");
        suitable.Select(run => run.System.Id).ShouldBe(["biased-mf", "svd++"]);
        notes.ShouldHaveSingleItem().ShouldStartWith("The baseline i-rbm-cf is left out: I-RBM-CF takes each value");

        Should.Throw<InputException>(() => ComparisonCheck.WithoutUnsuitable([all[0], all[2]], split, id => id == "biased-mf"))
            .Problems[^1].ShouldContain("With biased-mf alone there is nothing to compare");
        Should.Throw<InputException>(() => Comparison.Run(
            ComparisonCheck.WithoutUnsuitable(all, split, _ => true).Suitable, split, root, cancellation: Token)).Message.ShouldStartWith("i-rbm-cf: ");
    }

    [Fact]
    public void A_metric_of_predicted_values_leaves_no_room_for_systems_that_only_rank()
    {
        var split = ConformanceData.Split(["values"], validate: true);
        RunConfiguration[] all = [.. new[] { "biased-mf", "ease" }.Select(Configuration).Select(run => run with { Evaluation = new EvaluationOptions { Metrics = ["rmse"] } })];

        Should.Throw<InputException>(() => Comparison.Run(all, split, root, cancellation: Token))
            .Problems.ShouldHaveSingleItem().ShouldBe("ease: 'rmse' needs predicted values (ratings), and EASE only ranks. Leave one of the two out.");
    }

    [Fact]
    public void Rmse_is_tested_between_runs_read_from_their_folders_too()
    {
        var split = ConformanceData.Split(["values"], validate: true);
        RunConfiguration[] all = [.. new[] { "biased-mf", "svd++" }.Select(Configuration).Select(run => run with { Training = run.Training with { Metric = "rmse" } })];
        Comparison.Run(all, split, root, cancellation: Token);

        var table = Comparison.Run(all, split, root, cancellation: Token).Table;

        table.MainMetric.ShouldBe("rmse");
        table.Rows[0].Cells["rmse"].Mean.ShouldBeLessThanOrEqualTo(table.Rows[1].Cells["rmse"].Mean);
        table.Rows[1].Cells["rmse"].CorrectedPValue.ShouldNotBeNull();
        table.Explain(table.Rows[1]).ShouldContain("corrected p");
    }

    [Fact]
    public void Notes_that_all_systems_share_are_said_once_and_others_by_system()
    {
        EvaluationResult Result(params string[] notes) => new()
        {
            Metrics = new Dictionary<string, double>(), PerRequest = new Dictionary<string, float[]>(), Requests = 1, Protocol = "full ranking", Notes = notes,
        };

        var systems = SharedNotes.Part(
            [new SystemReport { Name = "a", Result = Result("3 unseen", "stopped early") }, new SystemReport { Name = "b", Result = Result("3 unseen") }], out var shared);

        shared.ShouldBe(["3 unseen"]);
        systems[0].Notes.ShouldBe(["stopped early"]);
        systems[1].Notes.ShouldBeEmpty();
    }

    private static Func<RunConfiguration, string, ExperimentResult> Failing(string id, Split split) => (run, folder) => run.System.Id == id
        ? throw new InputException("The loss became infinite.")
        : Experiment.Run(run, split, folder, cancellation: Token);

    private static ExperimentResult Counted(List<string> trained, ExperimentResult result)
    {
        if (result.End is not null)
        {
            trained.Add(result.Configuration.System.Id);
        }

        return result;
    }

    // More distinct ratings than anything takes as classes, some below 0.
    private static Split ManyLevels()
    {
        var split = ConformanceData.Split(["values"]);
        var interactions = split.Train.Interactions;
        var data = split.Train.Data with
        {
            Interactions = new Interactions(
                [.. interactions.Users], [.. interactions.Items], [.. Enumerable.Range(0, interactions.Count).Select(row => ((row % 101) - 20) / 7f)], [.. interactions.Times]),
        };
        return split with { Train = new TrainingSet(data) };
    }
}
