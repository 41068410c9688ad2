using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Recipes;
using Tastemaker.Runs;
using Tastemaker.Tests.Conformance;

namespace Tastemaker.Tests.Recipes;

/// <summary>Recipes whose settings and epochs the validation part chooses.</summary>
public sealed class TunedRecipeTests : IDisposable
{
    private readonly string root = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
    private readonly Split split = SplitterSyntax.Parse("ratio-by-user(test=0.2,validation=0.2)").Apply(ConformanceData.Split([]).Train.Data, seed: 1);

    public void Dispose()
    {
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void What_is_measured_has_the_setting_and_the_epochs_that_were_best_on_the_validation_part_and_trains_with_it()
    {
        var entry = Entry("bpr-mf", new BprMfOptions { Dimension = 8, Epochs = 12 }) with { Tune = 3, Retrain = true };
        var run = Run(entry);

        var measured = run.Completed(entry).ShouldHaveSingleItem();
        measured.Manifest.SplitFingerprint.ShouldBe(split.WithValidationInTraining().Fingerprint);
        Directory.GetDirectories(root, "trials", SearchOption.AllDirectories).Single().ShouldSatisfyAllConditions(trials => Directory.GetDirectories(trials).Length.ShouldBe(3));
        measured.ReadCurves().Count.ShouldBe(Epochs(measured));
        var trials = Directory.GetDirectories(root, "trials", SearchOption.AllDirectories).SelectMany(Directory.GetDirectories).Select(trial => RunFolder.Open(trial).Manifest.BestEpoch + 1);
        trials.ShouldContain(Epochs(measured));
    }

    [Fact]
    public void Without_a_search_the_setting_stands_and_only_the_epochs_are_found()
    {
        var entry = Entry("bpr-mf", new BprMfOptions { Dimension = 8, Epochs = 12, LearningRate = 0.2 }) with { Retrain = true };
        var measured = Run(entry).Completed(entry).ShouldHaveSingleItem();

        measured.Manifest.SplitFingerprint.ShouldBe(split.WithValidationInTraining().Fingerprint);
        File.ReadAllText(measured.ConfigurationFile).ShouldContain("learning-rate: 0.2");
        Epochs(measured).ShouldBe(RunFolder.Open(Directory.GetDirectories(root, "epochs", SearchOption.AllDirectories).Single()).Manifest.BestEpoch!.Value + 1);
        measured.ReadCurves().Count.ShouldBe(Epochs(measured));
    }

    [Fact]
    public void Systems_without_epochs_and_settings_retrain_as_they_are()
    {
        var entry = Entry("popularity", new PopularityOptions()) with { Tune = 2, Retrain = true };

        Run(entry).Completed(entry).ShouldHaveSingleItem().Manifest.SplitFingerprint.ShouldBe(split.WithValidationInTraining().Fingerprint);
    }

    [Theory]
    [InlineData("ease", 0)] // one epoch: nothing to choose
    [InlineData("ials", 0)] // sweeps that only improve
    [InlineData("bpr-mf", 2)]
    public void The_metric_may_be_left_to_the_data(string system, int tune)
    {
        var entry = Entry(system, SystemCases.Options(SystemCatalog.Find(system)));
        entry = entry with { Tune = tune, Retrain = true, Configuration = entry.Configuration with { Training = new TrainingOptions { Threads = 1 } } };

        Run(entry).Completed(entry).ShouldHaveSingleItem().Manifest.SplitFingerprint.ShouldBe(split.WithValidationInTraining().Fingerprint);
    }

    [Fact]
    public void What_cannot_be_retrained_is_refused_before_anything_is_tried()
    {
        var strong = SplitterSyntax.Parse("strong-generalization(test=10,validation=10)").Apply(ConformanceData.Split([]).Train.Data, seed: 1);
        var entry = Entry("ease", new EaseOptions()) with { Tune = 3, Retrain = true };
        var run = new RecipeRun(new Recipe { Name = "strong", Title = "", Description = "", Entries = [entry] }, root);

        run.Run(_ => strong, cancellation: TestContext.Current.CancellationToken).ShouldHaveSingleItem().ShouldContain("Training on train and validation together is not supported");
        Directory.GetDirectories(root, "trials", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void Another_budget_is_another_search()
    {
        var entry = Entry("bpr-mf", new BprMfOptions { Dimension = 8, Epochs = 2 });
        Run(entry with { Tune = 3 });
        Run(entry with { Tune = 2 });

        Directory.GetDirectories(root, "trials", SearchOption.AllDirectories).Select(trials => Directory.GetDirectories(trials).Length).Order().ShouldBe([2, 3]);
    }

    [Fact]
    public void An_entry_that_cannot_be_run_does_not_keep_the_others_from_running()
    {
        var (bad, good) = (Entry("sasrec", new Tastemaker.Models.Attention.SasRecOptions { Dimension = 8, Heads = 3, Epochs = 1 }), Entry("popularity", new PopularityOptions()));
        var run = new RecipeRun(new Recipe { Name = "some", Title = "", Description = "", Entries = [bad, good] }, root);

        run.Run(_ => split, cancellation: TestContext.Current.CancellationToken).ShouldHaveSingleItem().ShouldStartWith("sasrec: ");
        run.Completed(good).Count.ShouldBe(1);
        run.Completed(bad).ShouldBeEmpty();
    }

    [Fact]
    public void What_was_measured_on_other_data_is_set_aside_once_the_data_is_read()
    {
        var entry = Entry("popularity", new PopularityOptions());
        var recipe = new Recipe { Name = "some", Title = "", Description = "", Entries = [entry] };
        new RecipeRun(recipe, root).Run(_ => split, cancellation: TestContext.Current.CancellationToken).ShouldBeEmpty();
        var other = SplitterSyntax.Parse("ratio-by-user(test=0.3,validation=0.2)").Apply(split.Train.Data, seed: 1);
        var said = new List<string>();
        var more = new RecipeRun(recipe with { Entries = [entry with { Seeds = [1, 2] }] }, root);

        more.Run(_ => other, say: said.Add, cancellation: TestContext.Current.CancellationToken).ShouldBeEmpty();

        said.ShouldHaveSingleItem().ShouldStartWith("popularity: the data or its split has changed");
        more.Completed(entry with { Seeds = [1, 2] }).ShouldAllBe(folder => folder.Manifest.SplitFingerprint == other.Fingerprint);
    }

    [Fact]
    public void Keys_that_do_not_exist_are_named_once_with_what_is_near()
    {
        Directory.CreateDirectory(root);
        var file = Path.Combine(root, "r.yaml");
        File.WriteAllText(file, "tunes: 3\ndata: { paths: [x.csv] }\nsystems:\n  - { system: ease, retrian: true }\n  - { system: popularity }\n");

        var problems = Should.Throw<InputException>(() => RecipeReader.Read(file, SystemCatalog.Find)).Problems;

        problems.Count.ShouldBe(2);
        problems[0].ShouldContain("r.yaml:1: a recipe has no 'tunes' here. Did you mean 'tune'?");
        problems[1].ShouldContain("r.yaml:4: a recipe has no 'retrian' here. Did you mean 'retrain'?");
    }

    private static int Epochs(RunFolder run) => int.Parse(File.ReadLines(run.ConfigurationFile).Single(line => line.Trim().StartsWith("epochs:", StringComparison.Ordinal)).Split(':', '#')[1], System.Globalization.CultureInfo.InvariantCulture);

    private static RecipeEntry Entry(string system, ModelOptions options) => new(
        system,
        new RunConfiguration { System = SystemCatalog.Find(system), Options = options, Training = new TrainingOptions { Threads = 1, Metric = "ndcg@10" } },
        [1], [], "");

    private RecipeRun Run(RecipeEntry entry)
    {
        var loads = 0;
        var run = new RecipeRun(new Recipe { Name = "tuned", Title = "Tuned", Description = "", Entries = [entry] }, root);
        for (var time = 0; time < 2; time++)
        {
            run.Run(_ => { loads++; return split; }, cancellation: TestContext.Current.CancellationToken);
        }

        loads.ShouldBe(1); // the second time all is there
        return run;
    }
}
