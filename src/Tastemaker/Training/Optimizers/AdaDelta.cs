using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>
/// AdaDelta (Zeiler 2012): a = rho a + (1 - rho) g^2; step = sqrt(d + e) / sqrt(a + e) g; d = rho d + (1 - rho) step^2; p -= lr step, with rho = .95 and e = 1e-6. Steps have the scale of the parameters, so the usual
/// learning rate is 1. In tables updated by row, the averages of a row decay only when a step touches it.
/// </summary>
/// <param name="parameters">What is updated.</param>
/// <param name="weightDecay">Weight decay; 0 for none.</param>
internal sealed class AdaDelta(ParameterSet parameters, double weightDecay) : Optimizer(parameters, ["squares", "steps-squared"])
{
    private const double Rho = 0.95;
    private const double Epsilon = 1e-6;

    /// <inheritdoc/>
    protected override void StepWhole(Tensor[] parameters, Tensor[] gradients, double rate)
    {
        var (squares, moved) = (Slot(0), Slot(1));
        for (var index = 0; index < parameters.Length; index++)
        {
            using var scope = NewDisposeScope();
            parameters[index].sub_(Step(Decayed(gradients[index], parameters[index]), squares[index], moved[index]) * rate);
        }
    }

    /// <inheritdoc/>
    protected override void StepRows(RowGradient row, Tensor weight, double rate)
    {
        var (squares, moved) = (Slot(0, row).index_select(0, row.Rows), Slot(1, row).index_select(0, row.Rows));
        var step = Step(Decayed(row.Gradient, weight.index_select(0, row.Rows)), squares, moved);
        Slot(0, row).index_copy_(0, row.Rows, squares);
        Slot(1, row).index_copy_(0, row.Rows, moved);
        weight.AddRows(row.Rows, step * -rate);
    }

    private Tensor Decayed(Tensor gradient, Tensor weight) => weightDecay > 0 ? gradient.add(weight, weightDecay) : gradient;

    // Updates both averages in place.
    private static Tensor Step(Tensor gradient, Tensor squares, Tensor moved)
    {
        squares.mul_(Rho).addcmul_(gradient, gradient, 1 - Rho);
        var step = (moved + Epsilon).sqrt() / (squares + Epsilon).sqrt() * gradient;
        moved.mul_(Rho).addcmul_(step, step, 1 - Rho);
        return step;
    }
}
