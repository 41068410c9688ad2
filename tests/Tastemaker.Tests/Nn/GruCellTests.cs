using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Nn;

public sealed class GruCellTests
{
    [Fact]
    public void With_the_reset_gate_after_the_product_it_is_the_frameworks_cell()
    {
        using var scope = NewDisposeScope();
        using var cell = new GruCell(3, 4, ResetGate.AfterProduct, Initializers.GlorotUniform);
        using var reference = nn.GRUCell(3, 4);
        using (no_grad())
        {
            nn.init.normal_(cell.Bias);
            nn.init.normal_(cell.RecurrentBias!);
            reference.weight_ih!.copy_(cell.Input!.t());
            reference.weight_hh!.copy_(cell.Recurrent.t());
            reference.bias_ih!.copy_(cell.Bias);
            reference.bias_hh!.zero_();
            reference.bias_hh!.narrow(0, 8, 4).copy_(cell.RecurrentBias!);
        }

        var (x, h) = (randn(5, 3), randn(5, 4));
        cell.Step(x, h).ShouldBeClose(reference.call(x, h));
    }

    [Fact]
    public void With_the_reset_gate_before_the_product_it_is_the_papers_cell()
    {
        using var scope = NewDisposeScope();
        using var cell = new GruCell(3, 4, ResetGate.BeforeProduct, Initializers.GlorotUniform);
        using (no_grad())
        {
            nn.init.normal_(cell.Bias);
        }

        var (x, h) = (randn(5, 3), randn(5, 4));
        var (w, u, b) = (cell.Input!.chunk(3, 1), cell.Recurrent.chunk(3, 1), cell.Bias.chunk(3));
        var r = (x.matmul(w[0]) + h.matmul(u[0]) + b[0]).sigmoid();
        var z = (x.matmul(w[1]) + h.matmul(u[1]) + b[1]).sigmoid();
        var c = (x.matmul(w[2]) + (r * h).matmul(u[2]) + b[2]).tanh();
        cell.Step(x, h).ShouldBeClose(((1 - z) * h) + (z * c));
    }

    [Fact]
    public void Initial_weights_of_a_gate_fill_the_bounds_of_that_gate_alone()
    {
        using var scope = NewDisposeScope();
        using var cell = new GruCell(50, 100, ResetGate.AfterProduct, Initializers.GlorotUniform);
        var bound = Math.Sqrt(6.0 / 150);
        foreach (var gate in cell.Input!.chunk(3, 1))
        {
            gate.abs().max().item<float>().ShouldBeInRange((float)(0.99 * bound), (float)bound);
        }

        cell.Bias.abs().max().item<float>().ShouldBe(0);
    }
}
