using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>
/// RMSprop (Tieleman and Hinton 2012): a = rho a + (1 - rho) g^2; p -= lr g / (sqrt(a) + e), with rho = .9 and e = 1e-8, without momentum. The mean square begins at 0 as in torch, so that the first step of a weight is
/// 1 / sqrt(1 - rho) times the learning rate. In tables updated by row, the mean square of a row decays only when a step touches it.
/// </summary>
/// <param name="parameters">What is updated.</param>
/// <param name="weightDecay">Weight decay; 0 for none.</param>
internal sealed class RmsProp(ParameterSet parameters, double weightDecay) : Optimizer(parameters, ["squares"])
{
    private const double Rho = 0.9;
    private const double Epsilon = 1e-8;

    /// <inheritdoc/>
    protected override void StepWhole(Tensor[] parameters, Tensor[] gradients, double rate)
    {
        var squares = Slot(0);
        for (var index = 0; index < parameters.Length; index++)
        {
            using var scope = NewDisposeScope();
            parameters[index].sub_(Step(Decayed(gradients[index], parameters[index]), squares[index]) * rate);
        }
    }

    /// <inheritdoc/>
    protected override void StepRows(RowGradient row, Tensor weight, double rate)
    {
        var squares = Slot(0, row).index_select(0, row.Rows);
        var step = Step(Decayed(row.Gradient, weight.index_select(0, row.Rows)), squares);
        Slot(0, row).index_copy_(0, row.Rows, squares);
        weight.AddRows(row.Rows, step * -rate);
    }

    private Tensor Decayed(Tensor gradient, Tensor weight) => weightDecay > 0 ? gradient.add(weight, weightDecay) : gradient;

    // Updates the mean square in place.
    private static Tensor Step(Tensor gradient, Tensor squares)
    {
        squares.mul_(Rho).addcmul_(gradient, gradient, 1 - Rho);
        return gradient / (squares.sqrt() + Epsilon);
    }
}
