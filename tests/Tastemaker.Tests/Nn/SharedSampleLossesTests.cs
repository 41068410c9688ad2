using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public sealed class SharedSampleLossesTests
{
    public static TheoryData<string> All => ["xe", "bpr", "top1", "top1-max", "bpr-max"];

    [Fact]
    public void Bpr_max_of_a_hand_computed_row()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new[,] { { 1.0, 0.0, -1.0 } });
        var (s1, s2) = (1 / (1 + Math.Exp(-1)), Math.Exp(-1) / (1 + Math.Exp(-1))); // softmax of the two negatives alone
        var expected = -Math.Log((s1 * Sigmoid(1)) + (s2 * Sigmoid(2))) + (0.5 * s2);
        SharedSampleLosses.BprMax(scores, 0.5).item<double>().ShouldBe(expected, 1e-9);
    }

    [Fact]
    public void Bpr_max_gradient_has_its_closed_form()
    {
        using var scope = NewDisposeScope();
        var scores = randn(1, 6, float64);
        var gradient = Numbers.Gradient(x => SharedSampleLosses.BprMax(x, 0).sum(), scores)[0];
        var negatives = scores[0].narrow(0, 1, 5);
        var s = negatives.softmax(0);
        var q = (scores[0][0] - negatives).sigmoid();
        var wins = (s * q).sum();
        gradient[0].ShouldBeClose(-(s * q * (1 - q)).sum() / wins, 1e-9);
        gradient.narrow(0, 1, 5).ShouldBeClose(s - (s * q.square() / wins), 1e-9);
    }

    [Fact]
    public void With_one_negative_the_max_losses_are_the_plain_ones()
    {
        using var scope = NewDisposeScope();
        var scores = randn(2, 2, float64);
        SharedSampleLosses.BprMax(scores, 0).ShouldBeClose(SharedSampleLosses.Bpr(scores), 1e-12);
        SharedSampleLosses.Top1Max(scores).ShouldBeClose(SharedSampleLosses.Top1(scores), 1e-12);
    }

    [Fact]
    public void Cross_entropy_does_not_see_a_constant_added_to_all_scores()
    {
        using var scope = NewDisposeScope();
        var scores = randn(3, 8, float64);
        SharedSampleLosses.CrossEntropy(scores + 100).ShouldBeClose(SharedSampleLosses.CrossEntropy(scores), 1e-9);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_order_of_samples_does_not_matter(string loss)
    {
        using var scope = NewDisposeScope();
        var scores = randn(3, 8, float64);
        var permuted = scores.index_select(1, tensor(new long[] { 0, 1, 2, 7, 5, 6, 3, 4 }));
        Loss(loss, permuted).ShouldBeClose(Loss(loss, scores), 1e-12);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Gradients_are_those_of_finite_differences(string loss)
    {
        using var scope = NewDisposeScope();
        var scores = randn(2, 5, float64);
        Numbers.Gradient(x => Loss(loss, x).sum(), scores).ShouldBeClose(Numbers.Differences(x => Loss(loss, x).sum(), scores), 1e-6);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_higher_positive_is_a_lower_loss(string loss)
    {
        using var scope = NewDisposeScope();
        var scores = randn(2, 5, float64);
        var better = scores + eye(2, 5, float64);
        (Loss(loss, better) < Loss(loss, scores)).all().item<bool>().ShouldBeTrue();
    }

    private static Tensor Loss(string loss, Tensor scores) => loss switch
    {
        "xe" => SharedSampleLosses.CrossEntropy(scores),
        "bpr" => SharedSampleLosses.Bpr(scores),
        "top1" => SharedSampleLosses.Top1(scores),
        "top1-max" => SharedSampleLosses.Top1Max(scores),
        _ => SharedSampleLosses.BprMax(scores, 0.7),
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
