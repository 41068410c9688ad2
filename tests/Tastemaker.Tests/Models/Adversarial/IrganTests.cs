using Tastemaker.Inputs;
using Tastemaker.Models.Adversarial;
using Tastemaker.Solvers;
using Tastemaker.Tests.Models.Baselines;
using TorchSharp;

namespace Tastemaker.Tests.Models.Adversarial;

public class IrganTests
{
    private static readonly double[] P = [0.05, 0.3, 0.02, 0.13, 0.1, 0.07, 0.03, 0.2, 0.06, 0.04];

    [Fact]
    public void With_the_same_reward_for_all_items_the_expected_policy_gradient_is_zero()
    {
        Expected(P, _ => 0.7).ShouldAllBe(value => Math.Abs(value) < 1e-12);
    }

    [Fact]
    public void The_expected_policy_gradient_is_that_of_the_expected_reward_whatever_the_samples_come_from()
    {
        double Reward(int item) => Math.Sin(item);
        var mean = P.Select((p, item) => p * Reward(item)).Sum();
        double[] exact = [.. P.Select((p, item) => -p * (Reward(item) - mean))]; // -d/ds_j of sum p_i r_i

        Expected(P, Reward).Zip(exact).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-12);

        // From another distribution, with importance weights p / P_n.
        double[] other = [.. P.Select(p => (0.8 * p) + 0.02)];
        Expected(other, item => Reward(item) * P[item] / other[item]).Zip(exact).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-12);
    }

    [Fact]
    public void Probabilities_are_those_of_a_softmax_also_where_logits_are_large()
    {
        double[] values = [1000, 1001, 999];
        SoftmaxPolicy.Normalize(values, 1);
        values.Sum().ShouldBe(1, 1e-12);
        (values[1] / values[0]).ShouldBe(Math.E, 1e-9);
        (values[0] / values[2]).ShouldBe(Math.E, 1e-9);
    }

    [Fact]
    public void The_best_discriminator_knows_how_likely_an_item_is_real()
    {
        // Item i is real with weight 1, 2, 3 and generated with weight 3, 2, 1: D = p / (p + p_G).
        var options = new IrganOptions { Dimension = 1, DiscriminatorLearningRate = 0.05, DiscriminatorRegularization = 0 };
        var discriminator = new IrganDiscriminator([0.01f], [0.01f, 0.02f, -0.01f], options);
        var loss = 0.0;
        for (var step = 0; step < 20_000; step++)
        {
            loss = 0;
            for (var item = 0; item < 3; item++)
            {
                for (var count = 0; count < 4; count++)
                {
                    loss += discriminator.Learn(0, item, count <= item ? 1 : 0);
                }
            }
        }

        for (var item = 0; item < 3; item++)
        {
            (1 / (1 + Math.Exp(-discriminator.Logit(0, item)))).ShouldBe((item + 1) / 4.0, 0.02);
        }
    }

    [Fact]
    public void Where_real_and_generated_items_are_alike_a_pair_costs_two_logs_of_two()
    {
        var discriminator = new IrganDiscriminator([0f], [0f], new IrganOptions { Dimension = 1 });
        (discriminator.Learn(0, 0, 1) + discriminator.Learn(0, 0, 0)).ShouldBe(2 * Math.Log(2), 1e-3);
    }

    [Fact]
    public void The_reward_of_the_official_code_lies_around_zero_and_that_of_the_paper_above()
    {
        var official = new IrganDiscriminator([1f], [0f, 5f, -5f], new IrganOptions { Dimension = 1 });
        official.Reward(0, 0).ShouldBe(0, 1e-6);
        official.Reward(0, 1).ShouldBe(0.98661, 1e-4);
        official.Reward(0, 2).ShouldBe(-0.98661, 1e-4);
        var paper = new IrganDiscriminator([1f], [0f, 5f], new IrganOptions { Dimension = 1, Reward = IrganReward.LogLikelihood });
        paper.Reward(0, 0).ShouldBe(Math.Log(2), 1e-6);
        paper.Reward(0, 1).ShouldBe(Math.Log(1 + Math.Exp(5)), 1e-5);
    }

    [Fact]
    public void The_discriminator_learns_at_the_beginning_of_each_round_and_only_there()
    {
        var train = Sample.Random();
        torch.manual_seed(1);
        using var model = new Irgan(ModelShape.Of(train), new IrganOptions { PretrainingEpochs = 1, Rounds = 2, DiscriminatorEpochs = 2, GeneratorEpochs = 2 });
        model.Plan.Epochs.ShouldBe(5);
        using var training = model.Begin(train, new());
        float[] Judge() => Tastemaker.Native.TensorValues.ToValues<float>(training.State()["discriminator|bias"]);
        var before = Judge();
        var changed = new List<bool>();
        for (var epoch = 0; epoch < 5; epoch++)
        {
            training.RunEpoch(Sample.Context(train, epoch));
            var now = Judge();
            changed.Add(!now.SequenceEqual(before));
            before = now;
        }

        changed.ShouldBe([false, true, false, true, false]);
    }

    // The estimate over one sample, summed over all samples by how likely they are.
    private static double[] Expected(double[] from, Func<int, double> reward)
    {
        var (sum, gradient) = (new double[P.Length], new double[P.Length]);
        for (var item = 0; item < P.Length; item++)
        {
            SoftmaxPolicy.Gradient(P, [item], [reward(item)], gradient);
            for (var place = 0; place < P.Length; place++)
            {
                sum[place] += from[item] * gradient[place];
            }
        }

        return sum;
    }
}
