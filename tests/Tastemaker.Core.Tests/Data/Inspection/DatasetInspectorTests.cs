using Tastemaker.Core.Tests.Data.Import;
using Tastemaker.Data;
using Tastemaker.Data.Import;
using Tastemaker.Data.Inspection;

namespace Tastemaker.Core.Tests.Data.Inspection;

public sealed class DatasetInspectorTests
{
    [Fact]
    public void Counts_density_and_distributions_are_those_of_a_hand_count()
    {
        // User 0: items 0, 0, 1; user 1: item 2; user 2: items 0, 1, 2, 3.
        var inspection = DatasetInspector.Inspect(Data([0, 0, 0, 1, 2, 2, 2, 2], [0, 0, 1, 2, 0, 1, 2, 3], users: 3, items: 4));

        (inspection.Users, inspection.Items, inspection.Interactions).ShouldBe((3, 4, 8));
        inspection.DistinctPairs.ShouldBe(7);
        inspection.Density.ShouldBe(7.0 / 12, 1e-12);
        inspection.PerUser.ShouldSatisfyAllConditions(
            d => (d.Minimum, d.Median, d.Maximum).ShouldBe((1, 3, 4)),
            d => d.Mean.ShouldBe(8.0 / 3, 1e-12),
            // Mean absolute difference of {1, 3, 4} over all ordered pairs is 12/9; over twice the mean: 0.25.
            d => d.Gini.ShouldBe(0.25, 1e-12));
        inspection.Warnings.ShouldContain(warning => warning.StartsWith("1 rows (12.5 %) repeat"));
        inspection.Warnings.ShouldContain(warning => warning.StartsWith("1 users") && warning.Contains("single"));
    }

    [Fact]
    public void Equal_counts_have_no_inequality_and_one_taker_of_all_has_most()
    {
        Distribution.Of([5, 5, 5, 5]).Gini.ShouldBe(0, 1e-12);
        Distribution.Of([0, 0, 0, 8]).Gini.ShouldBe(0.75, 1e-12);
        Distribution.Of([]).Maximum.ShouldBe(0);
    }

    [Fact]
    public void Few_values_are_counted_singly_and_many_in_intervals_that_lose_none()
    {
        DatasetInspector.Inspect(Data([0, 0, 1], [0, 1, 0], 2, 2, [3, 5, 3])).Values.ShouldBe([new ValueCount(3, 3, 2), new ValueCount(5, 5, 1)]);

        var many = Enumerable.Range(0, 100).Select(value => value / 3f).ToArray();
        var bars = DatasetInspector.Inspect(Data(new int[100], new int[100], 1, 1, many)).Values;
        bars.Count.ShouldBe(10);
        bars.Sum(bar => bar.Count).ShouldBe(100);
        bars[^1].To.ShouldBe(33, 1e-4);
    }

    [Fact]
    public void Constant_ratings_and_times_out_of_place_are_named()
    {
        var future = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1_000_000;

        var inspection = DatasetInspector.Inspect(Data([0, 0, 1, 1], [0, 1, 0, 1], 2, 2, [1, 1, 1, 1], [Timestamps.OfSeconds(future), 0, Timestamps.OfSeconds(1_396_437), Timestamps.OfSeconds(1_000_000_000)]));

        inspection.Warnings.ShouldContain(warning => warning.StartsWith("All values are 1:"));
        inspection.Warnings.ShouldContain(warning => warning.Contains("in the future"));
        inspection.Warnings.ShouldContain(warning => warning.Contains("time 0"));
        inspection.Warnings.ShouldContain(warning => warning.Contains("before 1980"));
        inspection.Times!.First.ShouldBe(DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public void The_memory_plan_refuses_what_does_not_fit_and_names_an_alternative()
    {
        var data = Data([0], [0], 10, 1000);

        var plan = MemoryPlan.For(data, availableBytes: 10_000_000);

        var ease = plan.Estimates.Single(estimate => estimate.What == "EASE");
        (ease.Bytes, ease.Fits).ShouldBe((16_000_000, false));
        ease.Alternative.ShouldNotBeNull();
        plan.Estimates.Single(estimate => estimate.What.StartsWith("embeddings")).ShouldSatisfyAllConditions(
            estimate => estimate.Bytes.ShouldBe(1010L * 64 * 16),
            estimate => estimate.Fits.ShouldBeTrue(),
            estimate => estimate.Alternative.ShouldBeNull());
        MemoryPlan.For(data).AvailableBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void An_inspected_file_tells_what_was_recognized()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("r.csv", "user,item,rating,genres\n1,2,3,a|b\n1,3,4,\n");

        var inspection = DatasetInspector.Inspect(DataOptions.From(path));
        var text = InspectionText.Render(inspection);

        inspection.Import!.Layout.ShouldBe("text separated by commas, with a header line");
        inspection.Features.ShouldBe([new FeatureSummary("interaction", "genres", "multi-categorical", 2, 1)]);
        text.ShouldContain("rating = value, genres = multi-categorical");
        text.ShouldContain("2 interactions of 1 users with 2 items");
        text.ShouldContain("EASE");
    }

    private static Dataset Data(int[] userColumn, int[] itemColumn, int users, int items, float[]? values = null, long[]? times = null) => new()
    {
        Name = "test",
        Users = new Vocabulary(Enumerable.Range(0, users).Select(user => $"u{user}")),
        Items = new Vocabulary(Enumerable.Range(0, items).Select(item => $"i{item}")),
        Interactions = new Interactions(userColumn, itemColumn, values, times),
    };
}
