using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public sealed class RobustLstmCellTests
{
    [Fact]
    public void With_certain_states_a_step_is_that_of_a_long_short_term_memory_with_a_sigmoid_candidate()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        using var cell = new RobustLstmCell(3, 2, 1e12);
        var (x, h, s) = (randn(1, 3), randn(1, 2), randn(1, 2));
        var (w, u, b) = (cell.get_parameter("cell.input"), cell.get_parameter("cell.recurrent"), cell.get_parameter("cell.bias"));
        var (nextH, nextS) = cell.Step(cell.Gates(x), (h, s));

        var gates = (x.matmul(w!) + h.matmul(u!) + b!)[0].to(float64).data<double>().ToArray();
        for (var unit = 0; unit < 2; unit++)
        {
            double Open(int gate) => 1 / (1 + Math.Exp(-gates[(gate * 2) + unit]));
            var state = (Open(0) * s[0, unit].item<float>()) + (Open(1) * Open(3));
            ((double)nextS[0, unit].item<float>()).ShouldBe(state, 1e-6);
            ((double)nextH[0, unit].item<float>()).ShouldBe(Math.Tanh(state) * Open(2), 1e-6);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(10)]
    public void The_means_of_sigmoid_and_tanh_are_close_to_those_of_the_normal_distribution(double precision)
    {
        for (var mean = -4.0; mean <= 4; mean += 0.5)
        {
            Sigmoid(RobustLstmCell.SigmoidScale(precision) * mean).ShouldBe(Expected(Sigmoid, mean, precision), 0.02);
            Math.Tanh(RobustLstmCell.TanhScale(precision) * mean).ShouldBe(Expected(Math.Tanh, mean, precision), 0.03);
        }

        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }

    [Fact]
    public void States_of_sequences_are_those_of_its_steps()
    {
        using var scope = NewDisposeScope();
        using var cell = new RobustLstmCell(3, 2, 5);
        var x = randn(4, 3, 3);
        var (h, s) = (randn(4, 2), randn(4, 2));
        var all = cell.States(x, (h, s));
        for (var place = 0; place < 3; place++)
        {
            (h, s) = cell.Step(cell.Gates(x.select(1, place)), (h, s));
            all.select(1, place).allclose(cat([h, s], 1), 1e-5, 1e-6).ShouldBeTrue();
        }
    }

    [Fact]
    public void Weights_of_a_beta_distribution_sum_to_1_and_are_alike_for_a_and_b_of_1()
    {
        foreach (var (a, b) in new[] { (1.0, 1.0), (0.5, 0.5), (2, 7), (300, 310), (4.9e5, 5e5) })
        {
            ((double)BetaPooling.Weights(13, a, b).Sum()).ShouldBe(1, 1e-6);
        }

        BetaPooling.Weights(8, 1, 1).ShouldAllBe(weight => Math.Abs(weight - 0.125f) < 1e-6f);
        BetaPooling.Weights(4, 2, 1).ShouldBe([1 / 16f, 3 / 16f, 5 / 16f, 7 / 16f], 1e-6); // F(x) = x^2
    }

    [Fact]
    public void A_narrow_distribution_left_of_the_middle_chooses_the_last_place_of_the_first_half() =>
        BetaPooling.Weights(20, 4.9e5, 5e5)[9].ShouldBeGreaterThan(0.999f);

    private static double Expected(Func<double, double> of, double mean, double precision)
    {
        var (deviation, sum, weights) = (1 / Math.Sqrt(precision), 0.0, 0.0);
        for (var z = -8.0; z <= 8; z += 0.01)
        {
            var weight = Math.Exp(-z * z / 2);
            (sum, weights) = (sum + (weight * of(mean + (deviation * z))), weights + weight);
        }

        return sum / weights;
    }
}
