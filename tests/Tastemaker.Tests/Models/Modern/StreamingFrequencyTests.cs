using Tastemaker.Models.Modern;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Modern;

public sealed class StreamingFrequencyTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_gap_moves_towards_the_steps_since_an_item_was_seen()
    {
        using var frequency = new StreamingFrequency(items: 8, batchSize: 2, rate: 0.25);

        frequency.See(tensor(new[] { 1, 1 })); // step 1: gap 4 of before, 1 since step 0
        frequency.See(tensor(new[] { 2, 3 }));
        frequency.See(tensor(new[] { 1, 2 })); // step 3: 2 and 1 steps since

        var first = (0.75 * 4) + (0.25 * 1);
        double[] gaps = [4, (0.75 * first) + (0.25 * 2), (0.75 * ((0.75 * 4) + (0.25 * 2))) + 0.25];
        var found = frequency.Of(tensor(new[] { 0, 1, 2 })).data<float>().ToArray();
        for (var item = 0; item < 3; item++)
        {
            found[item].ShouldBe((float)(1 / gaps[item]), 1e-6f);
        }
    }

    [Fact]
    public void An_item_of_every_fourth_batch_has_probability_a_quarter()
    {
        using var frequency = new StreamingFrequency(items: 2, batchSize: 1, rate: 0.05);
        for (var step = 1; step <= 2000; step++)
        {
            using var inner = NewDisposeScope();
            frequency.See(tensor(new[] { step % 4 == 0 ? 0 : 1 }));
        }

        frequency.Of(tensor(new[] { 0 })).item<float>().ShouldBe(0.25f, 1e-3f);
        frequency.Of(tensor(new[] { 1 })).item<float>().ShouldBe(0.75f, 0.05f);
    }

    [Fact]
    public void What_is_asked_outside_of_training_changes_nothing_and_a_restored_estimate_goes_on()
    {
        using var frequency = new StreamingFrequency(items: 4, batchSize: 1, rate: 0.1);
        frequency.See(tensor(new[] { 2 }));
        using var restored = new StreamingFrequency(items: 4, batchSize: 1, rate: 0.1);
        restored.load_state_dict(frequency.state_dict());
        frequency.eval();
        frequency.See(tensor(new[] { 2 }));
        frequency.train();

        frequency.See(tensor(new[] { 2 }));
        restored.See(tensor(new[] { 2 }));

        restored.Of(tensor(new[] { 2 })).item<float>().ShouldBe(frequency.Of(tensor(new[] { 2 })).item<float>());
    }
}
