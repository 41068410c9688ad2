using System.Numerics;
using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>
/// Adagrad (Duchi, Hazan and Singer 2011) as session models use it: the accumulator starts at 0 and epsilon is inside the root,
/// step = lr g / sqrt(sum g^2 + 1e-6); with momentum, v = momentum v - step; p += v. In tables updated by row, a row whose id occurs several
/// times in a step accumulates the square of its summed gradient once.
/// </summary>
internal sealed class Adagrad : Optimizer
{
    private readonly double momentum;
    private readonly double weightDecay;

    /// <summary>An optimizer.</summary>
    /// <param name="parameters">What is updated.</param>
    /// <param name="momentum">Momentum; 0 for none.</param>
    /// <param name="weightDecay">Weight decay; 0 for none.</param>
    /// <param name="initialAccumulator">What the sums of squares begin at (TensorFlow: 0.1): the larger, the shorter the first steps.</param>
    public Adagrad(ParameterSet parameters, double momentum, double weightDecay, double initialAccumulator = 0)
        : base(parameters, momentum > 0 ? ["accumulator", "velocity"] : ["accumulator"])
    {
        (this.momentum, this.weightDecay) = (momentum, weightDecay);
        if (initialAccumulator > 0)
        {
            FillSlot(0, initialAccumulator);
        }
    }

    /// <summary>Added to the sum of squares.</summary>
    public const double Epsilon = 1e-6;

    /// <inheritdoc/>
    protected override void StepWhole(Tensor[] parameters, Tensor[] gradients, double rate)
    {
        if (momentum == 0 && UpdatesInOnePass(parameters[0]))
        {
            RowPass.RunWhole(new Rule((float)rate, 0, (float)weightDecay), parameters, gradients, Slot(0));
            return;
        }

        if (weightDecay > 0)
        {
            FusedKernels.Add(gradients, parameters, weightDecay);
        }

        if (momentum == 0)
        {
            FusedKernels.Adagrad(parameters, gradients, Slot(0), rate, Epsilon);
        }
        else
        {
            FusedKernels.MomentumAdagrad(parameters, gradients, Slot(0), Slot(1), rate, Epsilon, momentum);
        }
    }

    /// <inheritdoc/>
    protected override void StepRows(RowGradient row, Tensor weight, double rate)
    {
        if (UpdatesInOnePass(weight))
        {
            var rule = new Rule((float)rate, (float)momentum, (float)weightDecay);
            RowPass.Run(rule, row, weight, Slot(0, row), momentum > 0 ? Slot(1, row) : null);
            return;
        }

        var rows = row.Rows;
        var gradient = weightDecay > 0 ? row.Gradient.add(weight.index_select(0, rows), weightDecay) : row.Gradient;
        var accumulator = Slot(0, row).index_select(0, rows).addcmul_(gradient, gradient, 1);
        Slot(0, row).index_copy_(0, rows, accumulator);
        var root = accumulator.add_(Epsilon).sqrt_();
        if (momentum == 0)
        {
            weight.index_copy_(0, rows, weight.index_select(0, rows).addcdiv_(gradient, root, -rate));
            return;
        }

        var velocity = Slot(1, row).index_select(0, rows).mul_(momentum).addcdiv_(gradient, root, -rate);
        Slot(1, row).index_copy_(0, rows, velocity);
        weight.AddRows(rows, velocity);
    }

    private readonly struct Rule(float rate, float momentum, float decay) : IRowRule
    {
        public void Update(ref Vector<float> weight, ref Vector<float> accumulator, ref Vector<float> velocity, Vector<float> gradient)
        {
            gradient += weight * decay;
            accumulator += gradient * gradient;
            velocity = (velocity * momentum) - (gradient * rate / Vector.SquareRoot(accumulator + new Vector<float>((float)Epsilon)));
            weight += velocity;
        }
    }
}
