using Tastemaker.Data;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Core.Tests.Evaluation.Significance;

public class ComparisonTableTests
{
    [Fact]
    public void A_clear_difference_is_found_and_a_copy_is_not_distinguishable()
    {
        var table = ComparisonTable.Compare([("weak", Result(0, 0.2)), ("strong", Result(0.2, 0.2)), ("twin", Result(0.2, 0.2))]);

        table.Reference.ShouldBe("strong");
        table.Rows.Select(row => row.System).ShouldBe(["strong", "twin", "weak"]);
        table.Tests.ShouldBe(2);
        var weak = table.Rows[2].Cells["ndcg@10"];
        weak.Verdict.ShouldBe(Verdict.Worse);
        weak.Difference!.Value.ShouldBe(-0.2, 1e-6);
        weak.DifferenceInterval!.Value.Upper.ShouldBeLessThan(0);
        table.Rows[1].Cells["ndcg@10"].Verdict.ShouldBe(Verdict.NoDifference);
        table.Explain(table.Rows[2]).ShouldStartWith("worse than strong: -0.2000 [");
        table.Explain(table.Rows[1]).ShouldStartWith("not distinguishable from strong");
        table.Rows[0].Cells["coverage@10"].Interval.ShouldBeNull();
    }

    [Fact]
    public void A_chosen_reference_turns_the_verdict_round()
    {
        var table = ComparisonTable.Compare([("weak", Result(0, 0.2)), ("strong", Result(0.2, 0.2))], new ComparisonOptions { Reference = "weak" });

        table.Rows[0].Cells["ndcg@10"].Verdict.ShouldBe(Verdict.Better);
        table.Rows[1].Cells["ndcg@10"].Verdict.ShouldBe(Verdict.NotTested);
    }

    [Fact]
    public void A_metric_of_zeros_and_ones_is_tested_by_mcnemar()
    {
        float[] hits = [.. Enumerable.Repeat(1f, 8), 0, 0, 1, 1];
        float[] misses = [.. Enumerable.Repeat(0f, 8), 1, 1, 1, 1];

        var table = ComparisonTable.Compare([("a", Hits(hits)), ("b", Hits(misses))]);

        table.Rows[1].Cells["hr@10"].PValue!.Value.ShouldBe(112.0 / 1024, 1e-12);
    }

    [Fact]
    public void A_metric_that_not_all_have_is_named_with_the_figures_of_those_that_do()
    {
        var rated = Result(0.2, 0.2);
        rated = rated with { Metrics = new Dictionary<string, double>(rated.Metrics) { ["rmse"] = 0.91234 } };

        var table = ComparisonTable.Compare([("svd++", rated), ("ease", Result(0, 0.2))]);

        table.Metrics.ShouldNotContain("rmse");
        table.Notes.ShouldHaveSingleItem().ShouldBe("rmse is not in the table, because ease cannot be measured by it: svd++ 0.9123.");
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_with_all_reasons()
    {
        var problems = Should.Throw<InputException>(() => ComparisonTable.Compare(
            [("a", Result(0, 0.1)), ("a", Hits([1, 0]))], new ComparisonOptions { Reference = "c", MainMetric = "nope" })).Problems;

        problems.Count.ShouldBe(5);
        problems.ShouldContain(problem => problem.Contains("Two results are named 'a'"));
        problems.ShouldContain(problem => problem.Contains("not measured on one hold-out"));
        problems.ShouldContain(problem => problem.Contains("reference 'c'"));
        Should.Throw<InputException>(() => ComparisonTable.Compare([]));
    }

    private static EvaluationResult Result(double level, double noise)
    {
        var random = new SeededRandom(6);
        var values = Enumerable.Range(0, 300).Select(_ => (float)(level + (noise * random.NextDouble()))).ToArray();
        return new EvaluationResult
        {
            Metrics = new Dictionary<string, double> { ["ndcg@10"] = values.Average(), ["coverage@10"] = 0.5 },
            PerRequest = new Dictionary<string, float[]> { ["ndcg@10"] = values },
            Requests = 300,
            Protocol = "full ranking",
        };
    }

    private static EvaluationResult Hits(float[] values) => new()
    {
        Metrics = new Dictionary<string, double> { ["hr@10"] = values.Average() },
        PerRequest = new Dictionary<string, float[]> { ["hr@10"] = values },
        Requests = values.Length,
        Protocol = "full ranking",
    };
}
