using Tastemaker.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

[Collection(nameof(SerialTorch))]
public sealed class MultinomialOutputTests
{
    private static readonly int[] Items = [0, 3, 1, 2, 4, 4];
    private static readonly int[] Offsets = [0, 2, 2, 5, 6];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Blocks_give_the_loss_and_the_gradients_of_the_whole(int blockRows)
    {
        using var scope = NewDisposeScope();
        var (whole, wholeGradients) = Learn((hidden, layer) => Losses.Multinomial(layer.forward(hidden), tensor(Items), tensor(Offsets)));
        var (blocks, blockGradients) = Learn((hidden, layer) => MultinomialOutput.Loss(hidden, layer, tensor(Items), tensor(Offsets), blockRows));

        blocks.ShouldBe(whole, 1e-5f);
        foreach (var (one, other) in blockGradients.Zip(wholeGradients))
        {
            one.ShouldBeClose(other, 1e-6);
        }
    }

    [Fact]
    public void A_factor_on_the_loss_is_a_factor_on_its_gradients()
    {
        using var scope = NewDisposeScope();
        var (_, once) = Learn((hidden, layer) => MultinomialOutput.Loss(hidden, layer, tensor(Items), tensor(Offsets)));
        var (_, thrice) = Learn((hidden, layer) => 3 * MultinomialOutput.Loss(hidden, layer, tensor(Items), tensor(Offsets)));

        foreach (var (one, other) in once.Zip(thrice))
        {
            other.ShouldBeClose(3 * one, 1e-5);
        }
    }

    [Fact]
    public void The_gradient_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var layer = new Dense(3, 5, weights => weights.normal_(0, 1));
        layer.to(float64);
        var hidden = randn(4, 3, float64);
        Tensor Loss(Tensor x) => MultinomialOutput.Loss(x, layer, tensor(Items), tensor(Offsets), 2);

        Numbers.Gradient(Loss, hidden).ShouldBeClose(Numbers.Differences(Loss, hidden), 1e-7);
    }

    [Fact]
    public void A_thousand_steps_leave_no_tensors()
    {
        using var layer = new Dense(3, 5, weights => weights.normal_(0, 1));
        long live = 0;
        for (var step = 0; step < 1_000; step++)
        {
            using (NewDisposeScope())
            {
                layer.zero_grad();
                MultinomialOutput.Loss(randn(4, 3), layer, tensor(Items), tensor(Offsets), 2).backward();
            }

            if (step == 10)
            {
                live = Tensor.TotalCount;
            }
        }

        Tensor.TotalCount.ShouldBeLessThanOrEqualTo(live); // the collector may take older ones meanwhile
    }

    private static (float Loss, Tensor[] Gradients) Learn(Func<Tensor, Dense, Tensor> lossOf)
    {
        manual_seed(5);
        var layer = new Dense(3, 5, weights => weights.normal_(0, 1), biases => biases.normal_(0, 1));
        var hidden = randn(4, 3, requires_grad: true);
        var loss = lossOf(hidden, layer);
        loss.backward();
        return (loss.item<float>(), [hidden.grad!, layer.Weight.grad!, layer.Bias.grad!]);
    }
}
