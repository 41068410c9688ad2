using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Recipes;
using Tastemaker.Runs;
using Tastemaker.Systems;
using Tastemaker.Tests.Conformance;
using Tastemaker.Training;

namespace Tastemaker.Tests.Runs;

public sealed class RunTests : IDisposable
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
    public void A_run_is_stored_and_found_again()
    {
        var split = ConformanceData.Split([], validate: true);
        using var first = Experiment.Run(Configuration("bpr-mf"), split, root, cancellation: Token).Recommender;
        var run = RunFolder.List(root).ShouldHaveSingleItem();
        var again = Experiment.Run(Configuration("bpr-mf"), split, root, cancellation: Token);
        using var loaded = again.Recommender;

        run.Manifest.State.ShouldBe(RunStatus.Completed);
        again.End.ShouldBeNull();
        ConformanceData.Scores(loaded, split.Test.Requests).ShouldBe(ConformanceData.Scores(first, split.Test.Requests));
        using var byFolder = Recommender.Load(run.FullPath); // of the run, not of its model
        ConformanceData.Scores(byFolder, split.Test.Requests).ShouldBe(ConformanceData.Scores(first, split.Test.Requests));
        var stored = run.ReadResult();
        stored.Metrics.ShouldBe(again.Test.Metrics);
        stored.PerRequest["ndcg@10"].Length.ShouldBe(50);
        stored.PerRequest["ndcg@10"].Average().ShouldBe((float)stored.Metrics["ndcg@10"], 1e-5f);
        var curves = run.ReadCurves();
        curves.Count.ShouldBe(40);
        curves[^1].Loss!.Value.ShouldBeLessThan(curves[0].Loss!.Value);
        curves[0].Metrics.Keys.ShouldContain("ndcg@10");
        Directory.Exists(run.Checkpoints).ShouldBeFalse();
    }

    [Fact]
    public void A_stopped_run_resumes_to_the_same_result()
    {
        var split = ConformanceData.Split([]);
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => Experiment.Run(Configuration("bpr-mf"), split, root, [new StopAt(3, stop)], cancellation: stop.Token));
        RunFolder.Open(root).Manifest.State.ShouldBe(RunStatus.Interrupted);
        Should.Throw<InputException>(() => RunFolder.Open(root).ReadResult());
        File.AppendAllText(RunFolder.Open(root).Log, "{\"event\": \"epoch-comp"); // a line torn by a crash

        using var resumed = Experiment.Run(Configuration("bpr-mf"), split, root, cancellation: Token).Recommender;
        using var whole = Experiment.Run(Configuration("bpr-mf"), split, cancellation: Token).Recommender;
        ConformanceData.Scores(resumed, split.Test.Requests).ShouldBe(ConformanceData.Scores(whole, split.Test.Requests));
    }

    [Fact]
    public void A_stopped_run_answers_by_its_best_finished_epoch()
    {
        var split = ConformanceData.Split([], validate: true);
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => Experiment.Run(Configuration("bpr-mf"), split, root, [new StopAt(6, stop)], cancellation: stop.Token));

        var run = RunFolder.Open(root);
        run.Manifest.State.ShouldBe(RunStatus.Interrupted);
        using var recommender = (Tastemaker.Recommending.TrainedRecommender)Recommender.Load(run.Measured);
        recommender.Origin.BestEpoch.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(6);
        ConformanceData.Scores(recommender, split.Test.Requests).ShouldAllBe(score => float.IsFinite(score));
    }

    [Fact]
    public void A_refused_setting_leaves_the_folder_free_for_the_next()
    {
        var split = ConformanceData.Split([]);
        RunConfiguration Heads(int heads) => Configuration("sasrec") with { Options = new Tastemaker.Models.Attention.SasRecOptions { Dimension = 8, Heads = heads, Epochs = 1 } };

        Should.Throw<InputException>(() => Experiment.Run(Heads(3), split, root, cancellation: Token)).Message.ShouldContain("heads must divide");
        Experiment.Run(Heads(2), split, root, cancellation: Token).Recommender.Dispose();
    }

    [Fact]
    public void A_training_that_is_stopped_before_an_epoch_is_finished_gives_no_model()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        foreach (var system in new[] { "ease", "bpr-mf" })
        {
            Should.Throw<OperationCanceledException>(() => Recommender.Train(system, ConformanceData.Split([]), cancellation: stopped.Token));
        }
    }

    [Fact]
    public void A_recommender_is_not_saved_over_what_is_none()
    {
        using var recommender = Recommender.Train("popularity", ConformanceData.Split([]), cancellation: Token);
        Directory.CreateDirectory(root);
        File.WriteAllText(Path.Combine(root, "precious.txt"), "mine");

        Should.Throw<InputException>(() => Recommender.Save(recommender, root)).Message.ShouldContain("would be deleted");
        File.Exists(Path.Combine(root, "precious.txt")).ShouldBeTrue();
        Recommender.Save(recommender, Path.Combine(root, "model"));
        Recommender.Save(recommender, Path.Combine(root, "model")); // its own it replaces
    }

    [Fact]
    public void Where_there_is_nothing_to_learn_from_the_run_says_so()
    {
        var data = ConformanceData.Dataset([0, 1, 2], [0, 1, 2], null, [1, 2, 3], 3, 3); // sequences of one item have no next
        var run = Experiment.Run(Configuration("sasrec") with { Options = new Tastemaker.Models.Attention.SasRecOptions { Dimension = 8, Epochs = 1 } }, new NoHoldOut().Apply(data, 1), cancellation: Token);

        run.Recommender.Dispose();
        run.Test.Notes.ShouldContain(note => note.StartsWith("There was nothing to learn from", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bpr-mf")]
    [InlineData("ials")]
    [InlineData("mf-logistic")]
    [InlineData("svd++")]
    public void A_stopped_run_does_not_go_on_under_other_options(string system)
    {
        var info = SystemCatalog.Find(system);
        var split = ConformanceData.Split(info.Needs);
        using var stop = new CancellationTokenSource();
        Recommender.Train(system, split, SystemCases.Options(info), new TrainingOptions { Threads = 1 }, [new StopAt(1, stop)], root, stop.Token).Dispose();

        var others = (ModelOptions)Activator.CreateInstance(info.OptionsType)!;
        Should.Throw<InputException>(() => Recommender.Train(system, split, others, new TrainingOptions { Threads = 1 }, checkpoints: root, cancellation: Token))
            .Message.ShouldContain("of another run");
    }

    [Fact]
    public void Another_run_is_not_written_over()
    {
        var split = ConformanceData.Split([]);
        Experiment.Run(Configuration("popularity"), split, root, cancellation: Token).Recommender.Dispose();
        Should.Throw<InputException>(() => Experiment.Run(Configuration("ease"), split, root, cancellation: Token)).Message.ShouldContain("another configuration");
    }

    [Fact]
    public void A_folder_of_something_else_is_left_alone()
    {
        Directory.CreateDirectory(root);
        File.WriteAllText(Path.Combine(root, "letter.txt"), "dear");
        Should.Throw<InputException>(() => Experiment.Run(Configuration("popularity"), ConformanceData.Split([]), root, cancellation: Token)).Message.ShouldContain("not empty");
    }

    [Fact]
    public void All_problems_are_named_before_anything_trains()
    {
        var split = ConformanceData.Split([]);
        var wrong = Configuration("biased-mf") with { Training = new TrainingOptions { Patience = -1 } };
        var error = Should.Throw<InputException>(() => Experiment.Run(wrong, split, root, cancellation: Token));
        error.Problems.Count.ShouldBe(2);
        error.Message.ShouldContain("patience");
        error.Message.ShouldContain("ratings");
        Directory.Exists(root).ShouldBeFalse();
    }

    [Fact]
    public void A_recipe_runs_once_and_its_pages_show_figures_targets_and_the_best_baseline()
    {
        var recipe = new RecipeReader(SystemCatalog.Find).Read(ConfigurationSource.FromText("board.yaml",
            """
            title: Checkerboard
            evaluation: {cutoffs: [10]}
            systems:
              - {system: popularity, goals: {ndcg@10: 0.99}, chosen-on: test}
              - {system: ease, reference: {ndcg@10: 0.5, source: a paper}, independent: {ndcg@10: 0.4}}
              - {system: user-knn, label: neighbors, seeds: [1, 2], note: Few data.}
            """), "board");
        var run = new RecipeRun(recipe, root);
        var loads = 0;
        run.Run(_ => { loads++; return ConformanceData.Split([]); }, cancellation: Token);
        run.Run(_ => { loads++; return ConformanceData.Split([]); }, cancellation: Token);

        loads.ShouldBe(1);
        run.Completed(recipe.Entries[2]).Count.ShouldBe(2);
        var archive = new RecipeArchive(Path.Combine(root, "results"));
        var results = archive.Results(recipe, run);
        var page = ResultsPage.Of([(recipe, results)]);
        page.ShouldContain("(below goal)");
        page.ShouldContain("0.5000 (a paper)");
        page.ShouldContain("0.4000 (independent computation)");
        page.ShouldContain("| **test data** |");
        page.ShouldContain("neighbors: Few data.");
        page.ShouldContain("taste reproduce board.yaml");
        page.ShouldContain("| `ease` |");
        var system = SystemPage.Of(SystemCatalog.Find("ease"), [(recipe, results[1].Entry, results[1].Result)]);
        system.ShouldContain("`regularization`");
        system.ShouldContain("| Checkerboard | ease | ndcg@10 | 0.5000 (a paper) |");

        // Without run folders the page is the same, from what was kept.
        archive.Keep(recipe, results.Select(pair => pair.Result));
        ResultsPage.Of([(recipe, archive.Results(recipe, new RecipeRun(recipe, Path.Combine(root, "elsewhere"))))]).ShouldBe(page);
    }

    [Fact]
    public void Published_values_goals_and_independent_ones_are_kept_apart()
    {
        var recipe = new RecipeReader(SystemCatalog.Find).Read(ConfigurationSource.FromText("board.yaml",
            """
            systems:
              - {system: ease, reference: {ndcg@10: 0.5}, independent: {ndcg@10: 0.4, source: a program}, goals: {ndcg@10: 0.3}, targets: {recall@10: 0.2}, chosen-on: test}
            """), "board");
        recipe.Entries[0].References.Select(reference => (reference.Metric, reference.Value, reference.Kind)).ShouldBe(
            [("ndcg@10", 0.5, ReferenceKind.Published), ("ndcg@10", 0.4, ReferenceKind.Independent), ("ndcg@10", 0.3, ReferenceKind.Goal), ("recall@10", 0.2, ReferenceKind.Goal)]);
        recipe.Entries[0].ChosenOn.ShouldBe(SettingsChosenOn.Test);
    }
}
