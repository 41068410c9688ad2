using Tastemaker.Data;
using Tastemaker.Training.Batches;

namespace Tastemaker.Tests.Training.Batches;

public sealed class AliasSamplerTests
{
    [Fact]
    public void Draws_follow_the_weights_and_never_hit_a_weight_of_zero()
    {
        double[] weights = [5, 0, 1, 3, 0, 0.5, 10, 2.5];
        var draws = new int[1_000_000];
        new AliasSampler(weights).Fill(draws, new SeededRandom(1));
        var counts = new int[weights.Length];
        foreach (var draw in draws)
        {
            counts[draw]++;
        }

        counts[1].ShouldBe(0);
        counts[4].ShouldBe(0);
        var chiSquare = 0.0;
        for (var index = 0; index < weights.Length; index++)
        {
            var expected = draws.Length * weights[index] / weights.Sum();
            chiSquare += expected == 0 ? 0 : (counts[index] - expected) * (counts[index] - expected) / expected;
        }

        chiSquare.ShouldBeLessThan(20.5); // 0.999 quantile at 5 degrees of freedom
    }

    [Fact]
    public void One_index_is_always_drawn()
    {
        var draws = new int[100];
        new AliasSampler([0, 3.7]).Fill(draws, new SeededRandom(2));
        draws.ShouldAllBe(draw => draw == 1);
    }

    [Fact]
    public void Weights_without_a_positive_sum_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new AliasSampler([0, 0]));
        Should.Throw<ArgumentOutOfRangeException>(() => new AliasSampler([1, -1]));
    }
}
