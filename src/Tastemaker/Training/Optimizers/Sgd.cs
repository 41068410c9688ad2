using System.Numerics;
using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>
/// Stochastic gradient descent with optional classical momentum: v = momentum v - lr g; p += v. In tables updated by row, velocities of
/// untouched rows rest, and weight decay acts on touched rows only.
/// </summary>
internal sealed class Sgd(ParameterSet parameters, double momentum, double weightDecay)
    : Optimizer(parameters, momentum > 0 ? ["velocity"] : [])
{
    /// <inheritdoc/>
    protected override void StepWhole(Tensor[] parameters, Tensor[] gradients, double rate)
    {
        if (UpdatesInOnePass(parameters[0]))
        {
            RowPass.RunWhole(new Rule((float)rate, (float)momentum, (float)weightDecay), parameters, gradients, momentum > 0 ? Slot(0) : null);
            return;
        }

        if (momentum == 0)
        {
            FusedKernels.Sgd(parameters, gradients, rate, weightDecay);
            return;
        }

        if (weightDecay > 0)
        {
            FusedKernels.Add(gradients, parameters, weightDecay);
        }

        FusedKernels.MomentumSgd(parameters, gradients, Slot(0), rate, momentum);
    }

    /// <inheritdoc/>
    protected override void StepRows(RowGradient row, Tensor weight, double rate)
    {
        if (UpdatesInOnePass(weight))
        {
            RowPass.Run(new Rule((float)rate, (float)momentum, (float)weightDecay), row, weight, momentum > 0 ? Slot(0, row) : null);
            return;
        }

        var gradient = weightDecay > 0 ? row.Gradient.add(weight.index_select(0, row.Rows), weightDecay) : row.Gradient;
        if (momentum == 0)
        {
            weight.AddRows(row.Rows, gradient * -rate);
            return;
        }

        var velocity = Slot(0, row).index_select(0, row.Rows).mul_(momentum).add_(gradient, -rate);
        Slot(0, row).index_copy_(0, row.Rows, velocity);
        weight.AddRows(row.Rows, velocity);
    }

    private readonly struct Rule(float rate, float momentum, float decay) : IRowRule
    {
        public void Update(ref Vector<float> weight, ref Vector<float> velocity, ref Vector<float> unused, Vector<float> gradient)
        {
            velocity = (velocity * momentum) - ((gradient + (weight * decay)) * rate);
            weight += velocity;
        }
    }
}
