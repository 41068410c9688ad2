using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Options;
using Tastemaker.Runs;
using Tastemaker.Tests.Conformance;
using Tastemaker.Tests.Models.Features;

namespace Tastemaker.Tests.Runs;

[Collection(nameof(SerialTorch))]
public sealed class ClickRunTests : IDisposable
{
    private static readonly Split Labelled = SplitterSyntax.Parse("ratio-by-user(test=0.3,validation=0.2)").Apply(Rows.Data(), 1);

    private readonly string root = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static RunConfiguration Configuration(string system) => new()
    {
        System = SystemCatalog.Find(system),
        Options = SystemCases.Options(SystemCatalog.Find(system)),
        Training = new TrainingOptions { Threads = 1 },
        Evaluation = new EvaluationOptions { Slices = ["parity", "hour"] },
    };

    [Fact]
    public void A_click_run_chooses_its_epoch_by_auc_and_keeps_rows_and_slices()
    {
        using var first = Experiment.Run(Configuration("fm"), Labelled, root, cancellation: Token).Recommender;

        var run = RunFolder.List(root).ShouldHaveSingleItem();
        var stored = run.ReadResult();

        first.Origin.Training.Metric.ShouldBe("auc");
        run.ReadCurves()[0].Metrics.Keys.ShouldBe(["auc"]);
        stored.Protocol.ShouldBe("labelled rows");
        stored.Metrics["auc"].ShouldBe(stored.Clicks!.Measure("auc"));
        stored.Clicks.Count.ShouldBe(Labelled.Test.Impressions!.Interactions.Count);
        stored.Slices.Select(slice => (slice.Name, slice.Groups.Sum(group => group.Count))).ShouldBe([("parity", stored.Clicks.Count), ("hour", stored.Clicks.Count)]);
    }

    [Fact]
    public void A_run_by_auc_is_not_taken_for_one_by_another_metric_of_the_same_fingerprint()
    {
        RunFolder.Begin(root, Configuration("fm"), Labelled);
        var other = Configuration("fm") with { Training = new TrainingOptions { Threads = 1, Metric = "ndcg@10" } };

        other.Fingerprint.ShouldBe(Configuration("fm").Fingerprint);
        Should.Throw<InputException>(() => RunFolder.Begin(root, other, Labelled)).Message.ShouldContain("another configuration");
    }

    [Fact]
    public void Click_predictors_are_compared_by_auc_with_a_report()
    {
        var comparison = Comparison.Run([Configuration("fm"), Configuration("lr")], Labelled, root, cancellation: Token);

        comparison.Table.MainMetric.ShouldBe("auc");
        comparison.Table.Rows[1].Cells["auc"].DifferenceInterval.ShouldNotBeNull();
        var page = File.ReadAllText(comparison.WriteReport(root));
        page.ShouldContain("<section id=\"reliability\"");
        page.ShouldContain("<section id=\"slices\"");
    }

    [Fact]
    public void Predictors_and_rankers_are_not_put_in_one_table_of_labelled_rows()
    {
        Should.Throw<InputException>(() => Comparison.Run([Configuration("fm"), Configuration("ease")], Labelled, root, cancellation: Token))
            .Problems.ShouldHaveSingleItem().ShouldContain("Leave out ease");
        Directory.Exists(root).ShouldBeFalse();
    }

    [Fact]
    public void A_system_that_only_ranks_is_refused_before_training_where_nothing_can_be_ranked()
    {
        var empty = Labelled.Test with { Requests = Labelled.Test.Requests.Slice(0, 0), Targets = SparseRows.FromRows([], 15), Excluded = null };
        var split = Labelled with { Validation = empty, Test = empty };

        Should.Throw<InputException>(() => Experiment.Run(Configuration("popularity"), split, cancellation: Token)).Problems[0].ShouldContain("Systems that predict clicks: ");
        using var recommender = Experiment.Run(Configuration("fm") with { Evaluation = new EvaluationOptions() }, split, cancellation: Token).Recommender;
        recommender.Origin.Training.Metric.ShouldBe("auc");
    }
}
