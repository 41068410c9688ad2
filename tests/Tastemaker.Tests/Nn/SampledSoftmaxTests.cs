using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public sealed class SampledSoftmaxTests
{
    private static readonly int[] Items = [2, 0, 2];

    [Fact]
    public void With_every_item_drawn_once_it_is_the_full_softmax_in_loss_and_gradient()
    {
        using var scope = NewDisposeScope();
        var scores = randn(3, 5, float64); // of three rows for a catalog of five
        var rows = tensor(new long[] { 0, 1, 2 });
        var items = tensor(Items);
        Tensor Full(Tensor x) => nn.functional.cross_entropy(x, items.to(int64));
        Tensor Sampled(Tensor x) => Losses.SampledSoftmax(
            x[rows, items.to(int64)], x, items, tensor(new[] { 0, 1, 2, 3, 4 }), full(3, 0.7, float64), full(5, 0.7, float64)); // a constant count corrects nothing

        Sampled(scores).ShouldBeClose(Full(scores), 1e-12);
        Numbers.Gradient(Sampled, scores).ShouldBeClose(Numbers.Gradient(Full, scores), 1e-12);
    }

    [Fact]
    public void A_drawn_item_that_is_the_rows_own_has_no_part()
    {
        using var scope = NewDisposeScope();
        var drawn = randn(3, 2, float64);
        var gradient = Numbers.Gradient(x => Losses.SampledSoftmax(zeros(3, float64), x, tensor(Items), tensor(new[] { 2, 4 })), drawn);

        gradient[0][0].item<double>().ShouldBe(0);
        gradient[2][0].item<double>().ShouldBe(0);
        gradient[1][0].item<double>().ShouldBeGreaterThan(0);
        gradient[0][1].item<double>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void The_correction_takes_popularity_out_of_both_the_rows_item_and_the_drawn_ones()
    {
        using var scope = NewDisposeScope();
        var (chosen, drawn) = (randn(3, float64), randn(3, 4, float64));
        var (chosenCounts, drawnCounts) = (randn(3, float64), randn(4, float64));
        var draws = tensor(new[] { 1, 3, 4, 1 });

        Losses.SampledSoftmax(chosen + chosenCounts, drawn + drawnCounts, tensor(Items), draws, chosenCounts, drawnCounts)
            .ShouldBeClose(Losses.SampledSoftmax(chosen, drawn, tensor(Items), draws), 1e-12);
    }

    [Fact]
    public void Draws_by_popularity_estimate_the_full_softmax_once_corrected()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        const int Draws = 40_000;
        var scores = randn(1, 4, float64);
        var probabilities = tensor(new[] { 0.55, 0.25, 0.15, 0.05 });
        var draws = multinomial(probabilities, Draws, replacement: true);
        var counts = (probabilities * Draws).log();

        // The row's own item stands for itself, the other items for as many draws as they should have: the sum over the catalog, but for chance.
        var sampled = Losses.SampledSoftmax(scores[0][3].unsqueeze(0), scores.index_select(1, draws), tensor(new[] { 3L }), draws, zeros(1, float64), counts.index_select(0, draws));

        sampled.item<double>().ShouldBe(nn.functional.cross_entropy(scores, tensor(new[] { 3L })).item<double>(), 0.02);
    }

    [Fact]
    public void In_batch_softmax_takes_further_columns_as_negatives_of_all_rows()
    {
        using var scope = NewDisposeScope();
        var scores = randn(2, 4, float64);
        var gradient = Numbers.Gradient(x => Losses.InBatchSoftmax(x, tensor(new[] { 5, 6, 6, 8 })), scores);

        gradient[1][2].item<double>().ShouldBe(0); // row 1's own item
        gradient[0][2].item<double>().ShouldBeGreaterThan(0);
        gradient.sum([1]).ShouldBeClose(zeros(2, float64), 1e-12);
    }

    [Fact]
    public void Odds_of_weighted_logistic_regression_are_the_weights_over_the_negatives()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new double[] { 1, 1, 0, 0, 0, 0, 0 });
        var weights = tensor(new double[] { 2.5, 7.5, 1, 1, 1, 1, 1 });

        Odds(labels, weights, false).ShouldBe(10.0 / 5, 1e-6);
        Odds(labels, weights, true).ShouldBe(10.0 / 7, 1e-6);
        Odds(labels, ones_like(weights), false).ShouldBe(2.0 / 5, 1e-6);
    }

    [Fact]
    public void With_weights_of_one_it_is_logistic_regression_and_large_scores_are_safe()
    {
        using var scope = NewDisposeScope();
        var (labels, logits) = (tensor(new double[] { 1, 0, 1, 0 }), tensor(new double[] { 1.5, -0.3, -900, 900 }));

        Losses.WeightedLogistic(logits, labels, ones_like(labels)).ShouldBeClose(Losses.Logistic(logits, labels), 1e-9);
        Numbers.Gradient(x => Losses.WeightedLogistic(x, labels, labels * 30), logits).isfinite().all().item<bool>().ShouldBeTrue();
    }

    // The intercept at which the loss is least, by Newton's method.
    private static double Odds(Tensor labels, Tensor weights, bool copies)
    {
        var b = 0.0;
        for (var step = 0; step < 50; step++)
        {
            double Slope(double at) => Numbers.Gradient(x => Losses.WeightedLogistic(x.expand(labels.shape), labels, weights, copies), tensor(new[] { at })).item<double>();
            b -= Slope(b) / ((Slope(b + 1e-4) - Slope(b - 1e-4)) / 2e-4);
        }

        return Math.Exp(b);
    }
}
