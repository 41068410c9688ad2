using Tastemaker.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public class GruPassTests
{
    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(5, 4, 16)]
    [InlineData(7, 300, 61)]
    public void Whole_sequences_have_the_states_and_the_gradients_of_step_after_step(int length, int count, int width)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        using var cell = new GruCell(6, width, ResetGate.AfterProduct, Initializers.GlorotUniform);
        using (no_grad())
        {
            cell.Bias.uniform_(-1, 1);
            cell.RecurrentBias!.uniform_(-1, 1);
        }

        var (sequences, weights) = (randn(count, length, 6, requires_grad: true), randn(count, length, width));
        var (states, gradients) = Of(cell.States(sequences));
        var (expected, right) = Of(cell.StatesByStep(sequences.transpose(0, 1).matmul(cell.Input!)));

        states.allclose(expected, 1e-5, 1e-6).ShouldBeTrue();
        foreach (var (gradient, other) in gradients.Zip(right))
        {
            gradient.allclose(other, 1e-4, 1e-4).ShouldBeTrue();
        }

        (Tensor States, Tensor[] Gradients) Of(Tensor made) => (made.detach(), [.. autograd.grad([(made * weights).sum()], [sequences, cell.Input!, cell.Recurrent, cell.Bias, cell.RecurrentBias!])]);
    }

    [Fact]
    public void Large_gates_saturate_and_stay_finite()
    {
        using var scope = NewDisposeScope();
        var gates = full([3, 2, 24], 500f);
        gates.narrow(2, 0, 8).fill_(-500);
        var states = GruPass.States(gates, zeros(8, 24), zeros(8));

        states.isfinite().all().item<bool>().ShouldBeTrue();
        states.abs().max().item<float>().ShouldBe(0); // the update gate keeps the state of zeros
        GruPass.States(-gates, zeros(8, 24), zeros(8)).allclose(full([3, 2, 8], -1f), 1e-6, 1e-6).ShouldBeTrue(); // and lets everything in
    }
}
