using Tastemaker.Evaluation;

namespace Tastemaker.Core.Tests.Evaluation;

public class MetricCatalogTests
{
    [Theory]
    [InlineData("ncdg", "ndcg")]
    [InlineData("recal@10", "recall")]
    [InlineData("logloss2", "logloss")]
    public void An_unknown_metric_is_refused_with_the_nearest_name(string typed, string meant) =>
        Should.Throw<InputException>(() => new Evaluator(Cases.Train, Cases.Options(10, typed))).Message.ShouldContain($"Did you mean '{meant}'?");

    [Fact]
    public void All_wrong_names_and_cutoffs_are_listed_at_once()
    {
        var problems = Should.Throw<InputException>(() => MetricCatalog.Resolve(["nope", "rmse@10", "ndcg@x", "ndcg@0"], [0, -3])).Problems;

        problems.Count.ShouldBe(6);
        problems.ShouldContain(problem => problem.Contains("'rmse' has no cut-off"));
        problems.ShouldContain(problem => problem.Contains("'ndcg@x' has no usable cut-off"));
    }

    [Fact]
    public void Names_are_taken_at_all_cutoffs_unless_they_have_one() =>
        MetricCatalog.Resolve(["ndcg", "recall@5", "auc", "ndcg"], [10, 20]).Select(key => key.Name).ShouldBe(["ndcg@10", "ndcg@20", "recall@5", "auc"]);

    [Fact]
    public void Every_name_is_found_with_and_without_cutoff()
    {
        foreach (var metric in MetricCatalog.All)
        {
            MetricCatalog.Find(metric.Name).ShouldBe(metric);
            MetricCatalog.Find(metric.Name.ToUpperInvariant() + "@7").ShouldBe(metric);
        }

        MetricCatalog.Find("nope").ShouldBeNull();
    }
}
