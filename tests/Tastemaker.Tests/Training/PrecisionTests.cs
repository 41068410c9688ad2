using Tastemaker.Catalog;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Tests.Conformance;

namespace Tastemaker.Tests.Training;

public sealed class PrecisionTests
{
    [Theory]
    [InlineData("mlp")]
    [InlineData("multi-dae")]
    public void Bfloat16_learns_what_float32_learns(string id)
    {
        using var recommender = Train(id, Precision.Bfloat16);
        Liked(recommender).ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void Bfloat16_changes_the_numbers_that_are_learned()
    {
        using var coarse = Train("mlp", Precision.Bfloat16);
        using var fine = Train("mlp", Precision.Full);
        var batch = ConformanceData.MixedRequests();

        ConformanceData.Scores(coarse, batch).ShouldNotBe(ConformanceData.Scores(fine, batch));
    }

    [Theory]
    [InlineData("gru4rec")]
    [InlineData("ease")]
    public void Systems_that_cannot_say_so(string id) =>
        Should.Throw<InputException>(() => Train(id, Precision.Bfloat16)).Message.ShouldContain("Full");

    [Fact]
    public void Optimizer_options_that_exclude_each_other_never_run()
    {
        var options = (GradientModelOptions)SystemCases.Options(SystemCatalog.Find("gmf")) with { Optimizer = OptimizerKind.RowWiseAdagrad, Momentum = 0.9 };

        var problems = Should.Throw<InputException>(() =>
            Recommender.Train("gmf", ConformanceData.Split([]), options, new TrainingOptions { RowUpdates = RowUpdates.Whole })).Problems;

        problems.Count.ShouldBe(2);
        problems[0].ShouldContain("momentum");
        problems[1].ShouldContain("row-updates");
    }

    [Fact]
    public void Row_wise_Adagrad_updates_tables_by_row_and_learns()
    {
        var options = (GradientModelOptions)SystemCases.Options(SystemCatalog.Find("gmf")) with { Optimizer = OptimizerKind.RowWiseAdagrad, LearningRate = 0.2, Epochs = 40 };
        using var recommender = Recommender.Train("gmf", ConformanceData.Split([]), options, new TrainingOptions { Threads = 1, Patience = 0 }, cancellation: TestContext.Current.CancellationToken);

        Liked(recommender).ShouldBeGreaterThan(0.9);
    }

    /// <summary>The share of liked items among as many recommendations as a user likes items.</summary>
    private static double Liked(IRecommender recommender) => Enumerable.Range(0, ConformanceData.Side).Average(user => recommender
        .Recommend(Request.ForUser($"u{user}"), 25, new CandidateFilter { IncludeSeen = true })
        .Items.Average(item => ConformanceData.Likes(user, int.Parse(item.Item[1..])) ? 1.0 : 0));

    private static IRecommender Train(string id, Precision precision) => Recommender.Train(
        id,
        ConformanceData.Split([]),
        SystemCases.Options(SystemCatalog.Find(id)),
        new TrainingOptions { Threads = 1, Patience = 0, Seed = 5, Precision = precision },
        cancellation: TestContext.Current.CancellationToken);
}
