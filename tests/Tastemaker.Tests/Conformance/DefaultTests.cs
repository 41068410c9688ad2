using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Evaluation;
using Tastemaker.Options;
using Tastemaker.Runs;
using Tastemaker.Tests.Training;

namespace Tastemaker.Tests.Conformance;

/// <summary>Defaults hold across densities: a learned system does not end level with popularity where there is taste to be learned.</summary>
[Collection(nameof(SerialTorch))]
public sealed class DefaultTests
{
    public static TheoryData<string, int, int, int> Cases()
    {
        var cases = new TheoryData<string, int, int, int>();
        foreach (var system in new[] { "item-knn", "user-knn", "ease", "ials", "bpr-mf", "warp-mf", "mf-logistic", "multi-vae", "multi-dae", "cml", "lightgcn", "ultragcn" })
        {
            cases.Add(system, 300, 240, 24); // 10 %
            cases.Add(system, system is "warp-mf" or "cml" ? 1500 : 500, 1600, 12); // .75 %; of 500 users the interval is wider than what those two gain
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Defaults_learn_what_sets_users_apart(string system, int users, int items, int each)
    {
        var info = SystemCatalog.Find(system);
        var run = new RunConfiguration
        {
            System = info,
            Options = info.DefaultOptions,
            Training = new TrainingOptions { Threads = 1 },
            Evaluation = new EvaluationOptions { Metrics = ["ndcg"], Cutoffs = [10] },
        };
        var split = PlantedTaste.Split(users, items, each);

        var result = Experiment.Run(run, split, cancellation: TestContext.Current.CancellationToken);
        result.Recommender.Dispose();
        var popularity = Experiment.Run(run with { System = SystemCatalog.Find("popularity"), Options = SystemCatalog.Find("popularity").DefaultOptions }, split, cancellation: TestContext.Current.CancellationToken);
        popularity.Recommender.Dispose();

        var (difference, margin) = PopularityFloor.Difference(result.Test.PerRequest["ndcg@10"], popularity.Test.PerRequest["ndcg@10"]);
        difference.ShouldBeGreaterThan(margin, $"{result.Test.Metrics["ndcg@10"]:0.000}, popularity {popularity.Test.Metrics["ndcg@10"]:0.000}");
        result.Test.Notes.ShouldNotContain(note => note.Contains("level with popularity", StringComparison.Ordinal));
    }

    [Fact]
    public void A_system_that_learned_nothing_is_told_to_be_level_with_popularity()
    {
        var info = SystemCatalog.Find("bpr-mf");
        var run = new RunConfiguration
        {
            System = info,
            Options = new Tastemaker.Models.Baselines.BprMfOptions { LearningRate = 1e-6, Epochs = 2 },
            Training = new TrainingOptions { Threads = 1 },
        };

        var result = Experiment.Run(run, PlantedTaste.Split(200, 160, 12), cancellation: TestContext.Current.CancellationToken);
        result.Recommender.Dispose();

        result.Test.Notes.ShouldContain(note => note.StartsWith("BPR-MF", StringComparison.Ordinal) && note.Contains("popularity, the same list for everyone", StringComparison.Ordinal));
    }
}
