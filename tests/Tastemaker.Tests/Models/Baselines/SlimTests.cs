using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;

namespace Tastemaker.Tests.Models.Baselines;

public sealed class SlimTests
{
    private static readonly SlimOptions Exact = new() { L1 = 0.5, L2 = 4, Sweeps = 10_000, Tolerance = 0 };

    [Fact]
    public void No_item_speaks_for_itself_and_none_against_another()
    {
        var weights = Weights(Sample.Random(), Exact);

        for (var item = 0; item < weights.Length; item++)
        {
            weights[item][item].ShouldBe(0);
            weights[item].ShouldAllBe(weight => weight >= 0);
        }

        weights.Sum(row => row.Count(weight => weight > 0)).ShouldBeGreaterThan(20);
    }

    [Fact]
    public void A_large_l1_penalty_leaves_nothing() =>
        Weights(Sample.Random(), Exact with { L1 = 1000 }).ShouldAllBe(row => row.All(weight => weight == 0));

    [Fact]
    public void Without_sign_constraint_and_l1_it_is_ease()
    {
        var train = Sample.Random();
        using var ease = new Ease(ModelShape.Of(train), new EaseOptions { Regularization = 4 });
        float[][] expected = [.. ease.Fit(train).Saved("weights").Chunk(train.ItemCount)];

        var actual = Weights(train, Exact with { L1 = 0, NonNegative = false, Tolerance = 1e-8 });

        for (var item = 0; item < expected.Length; item++)
        {
            Sample.ShouldBeClose(actual[item], [.. expected[item].Select(weight => (double)weight)], 1e-4);
        }
    }

    [Fact]
    public void The_objective_never_rises_in_a_round()
    {
        var column = Column(target: 2, new SlimOptions { L1 = 0.5, L2 = 4 });
        var before = column.Objective();
        before.ShouldBe(0);
        for (var round = 0; round < 20; round++)
        {
            column.Round();
            var after = column.Objective();
            after.ShouldBeLessThanOrEqualTo(before + 1e-4);
            before = after;
        }

        before.ShouldBeLessThan(-1);
    }

    [Fact]
    public void A_solved_column_satisfies_the_conditions_of_a_minimum()
    {
        var gram = Sample.Gram(Sample.Binary(Sample.Random()));
        var column = Column(target: 2, Exact with { Tolerance = 1e-7 });
        column.Solve();
        var weights = column.Weights.ToArray();

        for (var item = 0; item < gram.Length; item++)
        {
            var slope = Enumerable.Range(0, gram.Length).Sum(other => gram[item][other] * weights[other]) - gram[item][2] + (4 * weights[item]) + 0.5;
            if (item == 2)
            {
                weights[item].ShouldBe(0);
            }
            else if (weights[item] > 0)
            {
                slope.ShouldBe(0, 1e-4);
            }
            else
            {
                slope.ShouldBeGreaterThan(-1e-4);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_column_with_many_candidates_ends_at_the_minimum_over_all_of_them(bool nonNegative)
    {
        // More candidates than a first active set holds.
        var train = Sample.Random(users: 400, items: 300, density: 0.2);
        float[][] gram = [.. Sample.Gram(Sample.Binary(train)).Select(row => Array.ConvertAll(row, value => (float)value))];
        var column = new SlimColumn(gram, gram[7], 7, new SlimOptions { L1 = 3, L2 = 20, NonNegative = nonNegative, Sweeps = 10_000, Tolerance = 1e-7 });
        column.Solve();
        var weights = column.Weights.ToArray();

        weights[7].ShouldBe(0);
        weights.Count(weight => weight != 0).ShouldBeInRange(20, 290);
        foreach (var item in Enumerable.Range(0, gram.Length).Where(item => item != 7))
        {
            var slope = Enumerable.Range(0, gram.Length).Sum(other => (double)gram[item][other] * weights[other]) - gram[item][7] + (20.0 * weights[item]);
            var expected = weights[item] > 0 ? -3 : weights[item] < 0 ? 3 : nonNegative ? Math.Max(slope, -3) : Math.Clamp(slope, -3, 3);
            slope.ShouldBe(expected, 2e-3, $"at {item}");
        }
    }

    [Theory]
    [InlineData(1e9)] // co-occurrences counted once
    [InlineData(0)] // counted as needed
    public void With_all_neighbors_the_restricted_problem_is_the_whole_one(double memory)
    {
        var train = Sample.Random();
        var whole = Weights(train, Exact with { Tolerance = 1e-7 });
        var restricted = Weights(new Slim(ModelShape.Of(train), Exact with { Tolerance = 1e-7, Neighbors = 1000 }) { MemoryForCounts = memory }, train);

        for (var item = 0; item < whole.Length; item++)
        {
            Sample.ShouldBeClose(restricted[item], [.. whole[item].Select(weight => (double)weight)]);
        }
    }

    [Fact]
    public void Neighbors_and_top_weights_bound_the_weights_of_an_item()
    {
        var train = Sample.Random();
        static int Most(float[][] weights) => Enumerable.Range(0, weights.Length).Max(target => weights.Count(row => row[target] != 0));

        Most(Weights(train, Exact with { Tolerance = 1e-7 })).ShouldBeGreaterThan(3);
        Most(Weights(train, Exact with { Tolerance = 1e-7, Neighbors = 3 })).ShouldBeLessThanOrEqualTo(3);
        Most(Weights(train, Exact with { Tolerance = 1e-7, TopWeights = 3 })).ShouldBe(3);
    }

    private static SlimColumn Column(int target, SlimOptions options)
    {
        float[][] gram = [.. Sample.Gram(Sample.Binary(Sample.Random())).Select(row => Array.ConvertAll(row, value => (float)value))];
        return new SlimColumn(gram, gram[target], target, options);
    }

    // A history of one item is answered with that item's row of W.
    private static float[][] Weights(TrainingSet train, SlimOptions options) =>
        Weights(new Slim(ModelShape.Of(train), options), train);

    private static float[][] Weights(Slim model, TrainingSet train) =>
        model.Fit(train).Scores(Sample.ColdStartUsers([.. Enumerable.Range(0, train.ItemCount).Select(item => new[] { item })]));
}
