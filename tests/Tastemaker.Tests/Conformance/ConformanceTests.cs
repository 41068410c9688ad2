using System.Collections.Concurrent;
using Tastemaker.Catalog;
using Tastemaker.Recommending;

namespace Tastemaker.Tests.Conformance;

/// <summary>What every system of the catalog must do, whatever it is: the suite of the package Tastemaker.Testing.</summary>
public sealed class ConformanceTests
{
    private static readonly ConcurrentDictionary<string, Lazy<SystemConformance>> Suites = new();

    /// <summary>Every check of every system, all of one system after another.</summary>
    public static TheoryData<string, string> Checks => [.. SystemCatalog.Systems.SelectMany(system => SystemConformance.Checks.Select(check => (system.Id, check)))];

    [Theory]
    [MemberData(nameof(Checks))]
    public void A_system_conforms(string id, string check) => Suite(id).Check(check);

    [Fact]
    public void The_suite_refuses_what_did_not_learn_and_says_by_how_much()
    {
        using var suite = new SystemConformance(SystemCatalog.Find("popularity"), cancellation: TestContext.Current.CancellationToken);

        Should.Throw<ConformanceException>(() => suite.Check(SystemConformance.Checks[0])).Message.ShouldContain("50 % are (half are by chance)");
        Should.Throw<ArgumentException>(() => suite.Check("is beautiful"));
    }

    [Fact]
    public void The_suite_refuses_a_catalog_entry_that_promises_another_scorer()
    {
        using var suite = new SystemConformance(SystemCatalog.Find("ease") with { ScoresByInnerProduct = true }, SystemCases.Options(SystemCatalog.Find("ease")), TestContext.Current.CancellationToken);

        Should.Throw<ConformanceException>(() => suite.Check("parts of the catalog are scored as the whole to the bit")).Message.ShouldContain("gives no part of the catalog");
    }

    [Fact]
    public void Systems_whose_ranking_of_large_catalogs_rests_on_it_score_parts_of_the_catalog()
    {
        foreach (var id in SystemCases.ScoredInParts)
        {
            Suite(id).Trained.Recommender.As<IPartialScorer>()?.Begin(ConformanceData.MixedRequests()).ShouldNotBeNull(id);
        }
    }

    [Theory]
    [InlineData("bpr-mf")]
    [InlineData("mlp")]
    [InlineData("neumf")]
    [InlineData("gmf")]
    [InlineData("ials")]
    [InlineData("multi-dae")]
    [InlineData("multi-vae")]
    public void A_batch_gives_the_bits_of_its_requests(string id)
    {
        var recommender = Suite(id).Trained.Recommender;
        var batch = ConformanceData.MixedRequests();
        var together = ConformanceData.Scores(recommender, batch);
        for (var request = 0; request < batch.Count; request++)
        {
            ConformanceData.Scores(recommender, batch.Slice(request, 1)).ShouldBe(together[(request * 51)..((request + 1) * 51)]);
        }
    }

    private static SystemConformance Suite(string id) => Suites.GetOrAdd(id, system => new(() => new SystemConformance(
        SystemCatalog.Find(system), SystemCases.Options(SystemCatalog.Find(system)), TestContext.Current.CancellationToken) { IsPersonalized = !SystemCases.NotPersonalized.Contains(system) })).Value;
}
