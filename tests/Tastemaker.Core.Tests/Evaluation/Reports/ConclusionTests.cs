using Tastemaker.Data;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Reports;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Core.Tests.Evaluation.Reports;

public class ConclusionTests
{
    [Fact]
    public void It_names_the_best_those_as_good_the_cheapest_of_them_and_who_is_level_with_popularity()
    {
        SystemReport[] systems =
        [
            System("popularity", 0.1, seed: 1) with { TrainingSeconds = 0, ModelBytes = 10 },
            System("ease", 0.5, seed: 2) with { TrainingSeconds = 100, ModelBytes = 5_000_000 },
            System("item-knn", 0.499, seed: 3) with { TrainingSeconds = 2, ModelBytes = 900_000 },
            System("bpr-mf", 0.1, seed: 4),
        ];

        var conclusion = Of(systems);

        (conclusion.Best, conclusion.Metric).ShouldBe(("ease", "ndcg@10"));
        conclusion.AsGood.ShouldBe(["item-knn"]);
        (conclusion.FastestToTrain, conclusion.SmallestModel, conclusion.FastestToScore).ShouldBe(("item-knn", "item-knn", "item-knn"));
        conclusion.NotAbovePopularity.ShouldBe(["bpr-mf"]);
        conclusion.Sentences[0].ShouldStartWith("ease is best on ndcg@10: 0.");
        conclusion.Sentences[1].ShouldMatch(@"^No difference from \S+ is shown for item-knn \(0\.\d{4}, corrected p [\d.]+\): ");
        conclusion.Sentences[2].ShouldBe("2 other systems are worse by more than chance.");
        conclusion.Sentences[3].ShouldBe("Of these 2, item-knn trains fastest (2.0 s), scores fastest (1.0 ms per request) and has the smallest model (900 kB), so it is the cheapest.");
        conclusion.Sentences[4].ShouldMatch(@"^Level with popularity \(0\.\d{4}\), the same list for everyone: bpr-mf \(0\.\d{4}, corrected p ");
    }

    [Fact]
    public void Where_the_best_stands_alone_it_says_so_and_what_that_costs()
    {
        var conclusion = Of([System("popularity", 0.1, seed: 1), System("ease", 0.5, seed: 2) with { TrainingSeconds = 180, ModelBytes = 5_000_000 }]);

        conclusion.AsGood.ShouldBeEmpty();
        conclusion.NotAbovePopularity.ShouldBeEmpty();
        conclusion.Sentences[1].ShouldStartWith("Every other system is worse by more than chance");
        conclusion.Sentences[2].ShouldBe("What ease costs: training 3.0 min, scoring 2.0 ms per request, model 5.0 MB.");
        conclusion.Sentences[3].ShouldStartWith("Every other system is better than popularity (0.1");
    }

    [Fact]
    public void A_system_below_popularity_is_named()
    {
        var conclusion = Of([System("popularity", 0.3, seed: 1), System("ials", 0.1, seed: 2)]);

        conclusion.Best.ShouldBe("popularity");
        conclusion.NotAbovePopularity.ShouldBe(["ials"]);
        conclusion.Sentences.ShouldContain(sentence => sentence.StartsWith("Below popularity (0.3", StringComparison.Ordinal) && sentence.Contains("ials (0.1"));
    }

    [Fact]
    public void A_reference_other_than_the_best_does_not_change_who_is_as_good()
    {
        SystemReport[] systems = [System("weak", 0.1, seed: 1), System("a", 0.5, seed: 2), System("b", 0.5, seed: 2)];

        Of(systems, new ComparisonOptions { Reference = "weak" }).AsGood.ShouldBe(["b"]);
    }

    [Fact]
    public void Figures_without_a_test_are_not_called_equal()
    {
        EvaluationResult Coverage(double value) => new()
        {
            Metrics = new Dictionary<string, double> { ["coverage@10"] = value }, PerRequest = new Dictionary<string, float[]>(), Requests = 5, Protocol = "full ranking",
        };

        var conclusion = Of([new SystemReport { Name = "a", Result = Coverage(0.5) }, new SystemReport { Name = "b", Result = Coverage(0.4) }]);

        conclusion.AsGood.ShouldBeEmpty();
        conclusion.Sentences[1].ShouldBe("Not every system could be tested on coverage@10, so the order of those that were not may be chance.");
        conclusion.FastestToScore.ShouldBeNull();
    }

    [Fact]
    public void Probabilities_worse_than_a_constant_are_named()
    {
        SystemReport With(string name, double entropy, ulong seed) => System(name, 0.5, seed) is var system
            ? system with { Result = system.Result with { Metrics = new Dictionary<string, double>(system.Result.Metrics) { ["normalized-entropy"] = entropy } } } : throw new InvalidOperationException();

        Of([With("deepfm", 1.05, 1), With("lr", 0.9, 2)]).Sentences[^1].ShouldStartWith("The probabilities of deepfm (1.0500) are worse than the share of positives");
        Of([With("deepfm", 0.95, 1), With("lr", 0.9, 2)]).Sentences.ShouldNotContain(sentence => sentence.Contains("share of positives"));
    }

    [Fact]
    public void One_system_alone_is_best_and_nothing_more_is_said()
    {
        Of([System("ease", 0.5, seed: 2)]).Sentences.Count.ShouldBe(2); // with its cost
    }

    private static Conclusion Of(SystemReport[] systems, ComparisonOptions? options = null) => Conclusion.Of(
        systems, ComparisonTable.Compare([.. systems.Select(system => (system.Name, system.Result))], options), popularity: "popularity");

    private static SystemReport System(string name, double level, ulong seed)
    {
        var random = new SeededRandom(seed);
        double[] noise = [.. Enumerable.Range(0, 300).Select(_ => 0.2 * random.NextDouble())];
        float[] values = [.. noise.Select(value => (float)(level + value - noise.Average()))];
        return new SystemReport
        {
            Name = name,
            Result = new EvaluationResult
            {
                Metrics = new Dictionary<string, double> { ["ndcg@10"] = values.Average() },
                PerRequest = new Dictionary<string, float[]> { ["ndcg@10"] = values },
                Requests = 300,
                Seconds = name == "item-knn" ? 0.3 : 0.6,
                Protocol = "full ranking",
            },
        };
    }
}
