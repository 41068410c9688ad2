using CsCheck;
using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public sealed class LossesTests
{
    private static readonly int[] Items = [0, 3, 1, 2, 4];
    private static readonly int[] Offsets = [0, 2, 2, 5];

    private static Tensor Dense => tensor(new double[,] { { 1, 0, 0, 1, 0 }, { 0, 0, 0, 0, 0 }, { 0, 1, 1, 0, 1 } });

    [Fact]
    public void Multinomial_loss_of_sparse_rows_is_that_of_dense_rows()
    {
        using var scope = NewDisposeScope();
        var logits = randn(3, 5, float64);
        var dense = -(Dense * logits.log_softmax(1)).sum(1).mean();
        Losses.Multinomial(logits, tensor(Items), tensor(Offsets)).ShouldBeClose(dense, 1e-12);
    }

    [Fact]
    public void Multinomial_gradient_is_count_times_softmax_minus_row()
    {
        using var scope = NewDisposeScope();
        var logits = randn(3, 5, float64);
        var gradient = Numbers.Gradient(x => Losses.Multinomial(x, tensor(Items), tensor(Offsets)), logits);
        var expected = ((Dense.sum(1, keepdim: true) * logits.softmax(1)) - Dense) / 3;
        gradient.ShouldBeClose(expected, 1e-12);
    }

    [Fact]
    public void Multinomial_loss_does_not_see_a_constant_added_to_all_logits()
    {
        using var scope = NewDisposeScope();
        var logits = randn(3, 5, float64);
        Losses.Multinomial(logits + 7, tensor(Items), tensor(Offsets))
            .ShouldBeClose(Losses.Multinomial(logits, tensor(Items), tensor(Offsets)), 1e-12);
    }

    [Fact]
    public void Multinomial_loss_is_least_at_the_empirical_distribution_where_it_is_the_entropy()
    {
        using var scope = NewDisposeScope();
        var offsets = tensor(new[] { 0, 3 });
        var items = tensor(new[] { 1, 2, 4 });
        var empirical = tensor(new double[,] { { -1e9, 0, 0, -1e9, 0 } });
        var least = Losses.Multinomial(empirical, items, offsets).item<double>();
        least.ShouldBe(3 * Math.Log(3), 1e-9);
        Losses.Multinomial(randn(1, 5, float64), items, offsets).item<double>().ShouldBeGreaterThan(least);
    }

    [Fact]
    public void Divergence_of_the_standard_normal_from_itself_is_zero()
    {
        using var scope = NewDisposeScope();
        Losses.GaussianDivergence(zeros(4, 3), zeros(4, 3)).item<float>().ShouldBe(0);
    }

    [Fact]
    public void Divergence_is_the_closed_form_of_two_gaussians_and_positive() =>
        Gen.Select(Gen.Double[-3, 3], Gen.Double[-3, 3]).Where(pair => Math.Abs(pair.Item1) + Math.Abs(pair.Item2) > 1e-3).Sample(
            (mean, logVariance) =>
            {
                using var scope = NewDisposeScope();
                var deviation = Math.Exp(logVariance / 2);
                var expected = -Math.Log(deviation) + (((deviation * deviation) + (mean * mean)) / 2) - 0.5;
                var actual = Losses.GaussianDivergence(tensor(new[,] { { mean } }), tensor(new[,] { { logVariance } })).item<double>();
                actual.ShouldBe(expected, 1e-9);
                actual.ShouldBeGreaterThan(0);
            },
            iter: 50);

    [Fact]
    public void Logistic_loss_stays_finite_where_the_sigmoid_is_saturated()
    {
        using var scope = NewDisposeScope();
        Losses.Logistic(tensor(new[] { 200f, -200f }), tensor(new[] { 0f, 1f })).item<float>().ShouldBe(200f);
    }

    [Fact]
    public void Bpr_is_log_two_without_a_difference_and_falls_with_it()
    {
        using var scope = NewDisposeScope();
        var positives = tensor(new[,] { { 0.0 }, { 2.0 } });
        var negatives = tensor(new[,] { { 0.0, 0.0 }, { 1.0, 3.0 } });
        var expected = (Math.Log(2) + Math.Log(2) + Math.Log(1 + Math.Exp(-1)) + Math.Log(1 + Math.Exp(1))) / 4;
        Losses.Bpr(positives, negatives).item<double>().ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void The_hardest_negative_is_the_highest_and_takes_all_of_the_gradient()
    {
        using var scope = NewDisposeScope();
        var negatives = tensor(new[,] { { 1.0, 3.0, 2.0 }, { -1.0, -5.0, -2.0 } });

        Losses.Hardest(negatives).data<double>().ToArray().ShouldBe([3, -1]);
        Numbers.Gradient(x => Losses.Hardest(x).sum(), negatives).data<double>().ToArray().ShouldBe([0, 1, 0, 1, 0, 0]);
    }

    [Fact]
    public void A_batch_of_the_whole_catalog_gives_the_loss_and_gradient_of_the_full_softmax()
    {
        using var scope = NewDisposeScope();
        var scores = randn(5, 5, float64);
        var items = randperm(5);
        Tensor Full(Tensor x) => -x.log_softmax(1).diagonal().mean();
        Tensor InBatch(Tensor x) => Losses.InBatchSoftmax(x, items, full(5, -1.7, float64)); // a constant frequency corrects nothing

        InBatch(scores).ShouldBeClose(Full(scores), 1e-12);
        Numbers.Gradient(InBatch, scores).ShouldBeClose(Numbers.Gradient(Full, scores), 1e-12);
    }

    [Fact]
    public void Another_row_with_the_same_item_has_no_part_in_a_rows_loss()
    {
        using var scope = NewDisposeScope();
        var scores = randn(3, 3, float64);
        var gradient = Numbers.Gradient(x => Losses.InBatchSoftmax(x, tensor([7, 2, 7])), scores);

        gradient[0][2].item<double>().ShouldBe(0);
        gradient[2][0].item<double>().ShouldBe(0);
        gradient[0][1].item<double>().ShouldNotBe(0);
        Losses.InBatchSoftmax(scores.narrow(0, 0, 1).narrow(1, 0, 1), tensor([7])).item<double>().ShouldBe(0, 1e-12);
    }

    [Fact]
    public void The_correction_makes_rare_and_popular_items_equal_again()
    {
        using var scope = NewDisposeScope();
        var scores = randn(4, 4, float64);
        var logFrequency = randn(4, float64);

        // Scores that have learned an item's popularity lose it, positives included.
        Losses.InBatchSoftmax(scores + logFrequency, arange(4), logFrequency).ShouldBeClose(Losses.InBatchSoftmax(scores, arange(4)), 1e-12);
    }
}
