using Tastemaker.Batches.Sampling;
using Tastemaker.Data;

namespace Tastemaker.Tests.Training.Sampling;

public sealed class SamplingTests
{
    [Fact]
    public void Alias_table_draws_in_proportion_to_the_weights()
    {
        double[] weights = [1, 0, 7, 0.5, 3, 3, 20, 0.01];
        var table = new AliasTable(weights);
        var counts = new int[weights.Length];
        var random = new SeededRandom(11);
        for (var draw = 0; draw < 1_000_000; draw++)
        {
            counts[table.Draw(random)]++;
        }

        counts[1].ShouldBe(0);
        ChiSquare(counts, weights).ShouldBeLessThan(27.9); // 6 degrees of freedom, p = 1e-4
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.75)]
    public void A_million_draws_never_give_a_seen_item(double power)
    {
        var train = Toy.Checkerboard().Train;
        var sampler = new NegativeSampler(train, power);
        var random = new SeededRandom(5);
        for (var draw = 0; draw < 1_000_000; draw++)
        {
            sampler.TryDraw(draw % 50, random, out var item).ShouldBeTrue();
            if (train.Seen.SortedRowContains(draw % 50, item))
            {
                Assert.Fail($"Draw {draw} gave user {draw % 50} the seen item {item}.");
            }
        }
    }

    [Fact]
    public void Draws_are_uniform_over_the_unseen_items()
    {
        var train = Toy.Checkerboard().Train;
        Draws(new NegativeSampler(train), 0, 50, 300_000).ShouldSatisfyAllConditions(
            counts => counts.Count(count => count > 0).ShouldBe(30),
            counts => ChiSquare(counts, [.. counts.Select(count => count > 0 ? 1.0 : 0.0)]).ShouldBeLessThan(67.0)); // 29 degrees, p = 1e-4
    }

    [Fact]
    public void Draws_follow_popularity_to_the_power()
    {
        // Items 0..3 have 1, 4, 9 and 16 users beside user 0, who has none of them; item 4 belongs to user 0.
        int[] popularity = [1, 4, 9, 16];
        var train = Toy.Data(17, 5, [(0, 4), .. popularity.SelectMany((users, item) => Enumerable.Range(1, users).Select(user => (user, item)))]);

        ChiSquare(Draws(new NegativeSampler(train, 0.5), 0, 5, 200_000), [1, 2, 3, 4, 0]).ShouldBeLessThan(21.1); // 3 degrees, p = 1e-4
    }

    [Fact]
    public void The_one_unseen_item_of_a_thousand_is_found_and_a_user_with_all_gets_none()
    {
        var pairs = Enumerable.Range(0, 1000).Where(item => item != 617).Select(item => (0, item)).Concat(Enumerable.Range(0, 1000).Select(item => (1, item))).ToList();
        var random = new SeededRandom(1);
        foreach (var power in new[] { 0.0, 1.0 })
        {
            var sampler = new NegativeSampler(Toy.Data(2, 1000, pairs), power);
            sampler.TryDraw(0, random, out var item).ShouldBeTrue();
            item.ShouldBe(617);
            sampler.TryDraw(1, random, out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void Items_nobody_has_are_drawn_by_popularity_only_where_nothing_else_is_left()
    {
        var sampler = new NegativeSampler(Toy.Data(1, 3, [(0, 0)]), 1);
        Draws(sampler, 0, 3, 1000).ShouldSatisfyAllConditions(counts => counts[0].ShouldBe(0), counts => counts[1].ShouldBeInRange(400, 600));
    }

    [Fact]
    public void Large_matrices_are_searched_instead_of_mapped()
    {
        var rows = new SparseRows([.. Enumerable.Repeat(0, 40_000), 3], [5, 10_000, 19_999], 20_000);
        var seen = new SeenItems(rows);

        seen.Contains(39_999, 10_000).ShouldBeTrue();
        seen.Contains(39_999, 10_001).ShouldBeFalse();
        seen.Contains(0, 5).ShouldBeFalse();
    }

    private static int[] Draws(NegativeSampler sampler, int user, int items, int count)
    {
        var counts = new int[items];
        var random = new SeededRandom(3);
        for (var draw = 0; draw < count; draw++)
        {
            sampler.TryDraw(user, random, out var item);
            counts[item]++;
        }

        return counts;
    }

    private static double ChiSquare(int[] counts, double[] weights)
    {
        var scale = counts.Sum() / weights.Sum();
        return counts.Zip(weights).Where(pair => pair.Second > 0).Sum(pair => Math.Pow(pair.First - (pair.Second * scale), 2) / (pair.Second * scale));
    }
}
