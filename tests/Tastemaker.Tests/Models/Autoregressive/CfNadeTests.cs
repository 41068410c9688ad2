using Tastemaker.Batches;
using Tastemaker.Inputs;
using Tastemaker.Models;
using Tastemaker.Models.Autoregressive;
using Tastemaker.Options;
using Tastemaker.Tests.Nn;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Autoregressive;

[Collection(nameof(SerialTorch))]
public sealed class CfNadeTests
{
    private static readonly ModelShape Shape = new(4, 5, 1, 3) { Inputs = [new RatingLevels([1, 2, 3])] };
    private static readonly CfNadeOptions Small = new() { Hidden = [4], Regularization = 0, SharesWeights = false, OrdinalWeight = 0 };
    private static readonly (int Column, float Value)[] Row = [(0, 3), (2, 1), (3, 2)];

    public static TheoryData<string> Kinds => ["plain", "shared", "factored", "deep"];

    [Fact]
    public void Of_two_levels_the_ordinal_cost_is_the_regular_one()
    {
        using var scope = NewDisposeScope();
        var (scores, level) = (randn(20, 2), arange(20, int64).remainder(2));
        OrdinalCost.Ordinal(scores, level).ShouldBeClose(OrdinalCost.Regular(scores, level));
    }

    [Fact]
    public void The_ordinal_cost_is_that_of_two_chains()
    {
        using var scope = NewDisposeScope();
        double[] e = [.. new[] { 0.3, -1.2, 0.8, 0.1 }.Select(Math.Exp)];
        var expected = -Math.Log(e[2] / (e[0] + e[1] + e[2]) * e[1] / (e[0] + e[1])) - Math.Log(e[2] / (e[2] + e[3]));
        var scores = tensor(new[,] { { 0.3f, -1.2f, 0.8f, 0.1f } });
        OrdinalCost.Ordinal(scores, tensor(new long[] { 2 })).item<float>().ShouldBe((float)expected, 1e-5f);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Costs_do_not_change_when_all_scores_are_moved_and_stay_finite_at_the_ends(bool isOrdinal)
    {
        using var scope = NewDisposeScope();
        Func<Tensor, Tensor, Tensor> cost = isOrdinal ? OrdinalCost.Ordinal : OrdinalCost.Regular;
        var (scores, level) = (randn(20, 5, float64), arange(20, int64).remainder(5));
        cost(scores + 7, level).ShouldBeClose(cost(scores, level), 1e-12);
        Numbers.Gradient(at => cost(at, level).sum(), scores).ShouldBeClose(Numbers.Differences(at => cost(at, level).sum(), scores), 1e-8);
        var far = 50 * scores.sign().to(float32);
        cost(far, level).Values().ShouldAllBe(value => float.IsFinite(value));
        Numbers.Gradient(at => cost(at, level).sum(), far).Values().ShouldAllBe(value => float.IsFinite(value));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Conditionals_sum_to_one_and_their_product_to_the_likelihood_of_all_rows(string kind)
    {
        using var scope = NewDisposeScope();
        using var model = Create(Of(kind) with { OrdinalWeight = 0 });
        var total = 0.0;
        foreach (var values in from a in Enumerable.Range(1, 3) from b in Enumerable.Range(1, 3) from c in Enumerable.Range(1, 3) select new[] { a, b, c })
        {
            (int, float)[] row = [(0, values[0]), (2, values[1]), (3, values[2])];
            total += Math.Exp(-InOrder(model, row));
        }

        total.ShouldBe(1, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_asked_for_does_not_reach_what_is_given(string kind)
    {
        using var scope = NewDisposeScope();
        using var model = Create(Of(kind));
        var first = Costs(model, [Row[0]], [Row[1], Row[2]]);
        Costs(model, [Row[0]], [Row[1], (3, 1)])[0].ShouldBe(first[0]);
        Costs(model, [(0, 2)], [Row[1], Row[2]])[0].ShouldNotBe(first[0]);
    }

    [Fact]
    public void The_loss_is_on_average_the_cost_over_all_orders()
    {
        using var scope = NewDisposeScope();
        using var model = Create(Small);
        manual_seed(5);
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        var expected = orders.Average(order => InOrder(model, [.. order.Select(place => Row[place])]));
        using var grad = no_grad();
        model.Loss(Requests.Ratings([.. Enumerable.Repeat(Row, 40_000)])).item<float>().ShouldBe((float)expected, 0.02f);
    }

    [Fact]
    public void A_split_asks_for_at_least_one_rating_and_may_give_none()
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        var (given, asked, weights) = OrderSplit.Draw(RatingTensors.Of(Requests.Ratings([.. Enumerable.Repeat(Row, 3_000), [(4, 2)]])));
        var counts = given.Counts.data<long>().ToArray();
        counts[^1].ShouldBe(0);
        foreach (var count in new[] { 0, 1, 2 })
        {
            counts[..3_000].Count(given => given == count).ShouldBeInRange(850, 1_150);
        }

        asked.Counts.data<long>().ToArray()[..3_000].Zip(counts).ShouldAllBe(pair => pair.First + pair.Second == 3);
        asked.EntryCount.ShouldBe(weights.shape[0]);
        var ofFirst = Enumerable.Range(0, (int)asked.Counts[0].item<long>()).Select(entry => weights[entry].item<float>());
        ofFirst.ShouldAllBe(weight => Math.Abs(weight - (3f / (3 - counts[0]))) < 1e-6);
    }

    [Fact]
    public void Shared_input_weights_of_the_lowest_level_alone_do_not_see_ratings()
    {
        using var scope = NewDisposeScope();
        using var model = Create(Small with { SharesWeights = true });
        using (no_grad())
        {
            model.Parameter("input.weight").view(5, 3, -1).narrow(1, 1, 2).zero_();
        }

        Costs(model, [(0, 3), (2, 1)], [Row[2]]).ShouldBe(Costs(model, [(0, 1), (2, 2)], [Row[2]]));
        Costs(model, [(0, 3), (2, 1)], [Row[2]]).ShouldNotBe(Costs(model, [(0, 3), (1, 1)], [Row[2]]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Factors_that_are_the_identity_change_nothing(bool shares)
    {
        using var scope = NewDisposeScope();
        using var plain = Create(Small with { SharesWeights = shares });
        using var factored = Create(Small with { SharesWeights = shares, Factors = 4 });
        using (no_grad())
        {
            foreach (var (name, parameter) in factored.named_parameters())
            {
                parameter.copy_(name.EndsWith("Factors", StringComparison.Ordinal) ? eye(4) : plain.Parameter($"{name}"));
            }
        }

        Costs(factored, [Row[0]], [Row[1], Row[2]]).ShouldBe(Costs(plain, [Row[0]], [Row[1], Row[2]]), 1e-6f);
    }

    [Fact]
    public void Dense_and_gathered_outputs_give_the_same_loss_and_gradients()
    {
        using var scope = NewDisposeScope();
        using var dense = Create(Small with { SharesWeights = true, OrdinalWeight = 0.5, Regularization = 0.1, ObservedOutput = ObservedOutput.Dense });
        using var gathered = Create(Small with { SharesWeights = true, OrdinalWeight = 0.5, Regularization = 0.1, ObservedOutput = ObservedOutput.Gathered });
        var batch = Requests.Ratings(Row, [(4, 1), (1, 3)]);
        foreach (var model in new[] { dense, gathered })
        {
            manual_seed(9);
            model.Loss(batch).backward();
        }

        foreach (var (name, parameter) in dense.named_parameters())
        {
            gathered.Parameter(name).grad!.ShouldBeClose(parameter.grad!, 1e-4);
        }
    }

    [Fact]
    public void The_squares_of_all_weights_count_in_full_and_biases_are_free()
    {
        using var scope = NewDisposeScope();
        using var free = Create(Small with { Hidden = [4, 3], Factors = 2 });
        using var bound = Create(Small with { Hidden = [4, 3], Factors = 2, Regularization = 0.25 });
        var squares = bound.parameters().Where(parameter => parameter.dim() == 2).Sum(parameter => parameter.square().sum().item<float>());
        manual_seed(1);
        var without = free.Loss(Requests.Ratings(Row)).item<float>();
        manual_seed(1);
        bound.Loss(Requests.Ratings(Row)).item<float>().ShouldBe(without + (0.25f * squares), 1e-3f);
    }

    private static CfNadeOptions Of(string kind) => kind switch
    {
        "shared" => Small with { SharesWeights = true, OrdinalWeight = 1 },
        "factored" => Small with { Factors = 2 },
        "deep" => Small with { Hidden = [4, 3] },
        _ => Small,
    };

    private static CfNade Create(CfNadeOptions options)
    {
        manual_seed(12);
        var model = new CfNade(options, Shape, RatingSide.Users);
        using var grad = no_grad();
        foreach (var parameter in model.parameters())
        {
            parameter.normal_(0, 0.6);
        }

        return model;
    }

    private static double InOrder(CfNade model, (int, float)[] row) =>
        Enumerable.Range(0, row.Length).Sum(place => (double)Costs(model, row[..place], [row[place]])[0]);

    private static float[] Costs(CfNade model, (int, float)[] given, (int, float)[] asked)
    {
        using var grad = no_grad();
        return model.Costs(RatingTensors.Of(Requests.Ratings(given)), RatingTensors.Of(Requests.Ratings(asked))).Values();
    }
}
