using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public sealed class TowerTests
{
    [Fact]
    public void Dropout_zeroes_its_share_of_units_in_training_and_none_in_evaluation()
    {
        using var scope = NewDisposeScope();
        using var tower = new Tower(4, [1000], x => x.relu(), activatesLast: true, Initializers.Zeros, biases => biases.fill_(1), dropout: 0.25);
        var x = randn(20, 4);

        var trained = tower.forward(x);
        tower.eval();

        trained.eq(0).to(float32).mean().item<float>().ShouldBe(0.25f, 0.02f);
        trained.max().item<float>().ShouldBe(1 / 0.75f, 1e-5f); // what stays is scaled up, so that the mean stays
        tower.forward(x).ShouldBeClose(ones(20, 1000));
    }

    [Fact]
    public void Normalized_outputs_of_a_batch_have_mean_0_and_deviation_1_before_the_activation()
    {
        using var scope = NewDisposeScope();
        using var tower = new Tower(4, [6], x => x, activatesLast: true, Initializers.Normal(3), biases => biases.fill_(5), isNormalized: true);

        var x = tower.forward(randn(200, 4));

        x.mean([0]).ShouldBeClose(zeros(6), 1e-4);
        x.var(0, unbiased: false).ShouldBeClose(ones(6), 1e-3);
    }

    [Fact]
    public void In_evaluation_a_normalized_row_does_not_depend_on_its_companions_nor_change_the_statistics()
    {
        using var scope = NewDisposeScope();
        using var tower = new Tower(4, [6, 3], x => x.relu(), activatesLast: true, Initializers.GlorotUniform, isNormalized: true);
        for (var step = 0; step < 10; step++)
        {
            tower.forward((randn(50, 4) * 2) + 1);
        }

        tower.eval();
        var before = tower.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        var x = randn(8, 4);
        var together = tower.forward(x);

        for (var row = 0; row < 8; row++)
        {
            tower.forward(x.narrow(0, row, 1)).ShouldBeClose(together.narrow(0, row, 1));
        }

        before.Keys.ShouldContain("norms.0.mean");
        before["norms.0.mean"].abs().max().item<float>().ShouldBeGreaterThan(0.1f);
        foreach (var (name, value) in tower.state_dict())
        {
            value.ShouldBeClose(before[name], 0);
        }
    }

    [Fact]
    public void A_batch_of_one_row_can_be_trained_on_with_normalization()
    {
        using var scope = NewDisposeScope();
        using var tower = new Tower(4, [6], x => x, activatesLast: true, Initializers.GlorotUniform, isNormalized: true);
        var x = randn(1, 4);

        tower.forward(x).ShouldBeClose(tower.Layers[0].forward(x), 1e-4); // the averages are still 0 and 1
    }
}
