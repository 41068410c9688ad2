using System.Numerics;
using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>
/// FTRL-Proximal (McMahan et al. 2013, algorithm 1), a coordinate at a time: from the state z and n (both 0 at first),
/// w = 0 if |z| &lt;= l1, else -(z - sgn(z) l1) / ((beta + sqrt n) / alpha + l2); with the gradient g at w,
/// sigma = (sqrt(n + g^2) - sqrt n) / alpha, z += g - sigma w, n += g^2. Weights must begin at 0, which is what the state begins with. With
/// l1 = l2 = 0 it is gradient descent with the learning rate alpha / (beta + sqrt(sum of g^2)).
/// </summary>
/// <param name="parameters">What is updated.</param>
/// <param name="beta">Dampens the first steps; 1 is usual.</param>
/// <param name="l1">Weights whose summed gradients stay within this are exactly 0.</param>
/// <param name="l2">L2.</param>
internal sealed class Ftrl(ParameterSet parameters, double beta, double l1, double l2) : Optimizer(parameters, ["z", "n"])
{
    /// <inheritdoc/>
    protected override void StepWhole(Tensor[] parameters, Tensor[] gradients, double rate)
    {
        if (UpdatesInOnePass(parameters[0]))
        {
            RowPass.RunWhole(Of(rate), parameters, gradients, Slot(0), Slot(1));
            return;
        }

        var (z, n) = (Slot(0), Slot(1));
        for (var index = 0; index < parameters.Length; index++)
        {
            Update(parameters[index], z[index], n[index], gradients[index], rate);
        }
    }

    /// <inheritdoc/>
    protected override void StepRows(RowGradient row, Tensor weight, double rate)
    {
        if (UpdatesInOnePass(weight))
        {
            RowPass.Run(Of(rate), row, weight, Slot(0, row), Slot(1, row));
            return;
        }

        var (w, z, n) = (weight.index_select(0, row.Rows), Slot(0, row).index_select(0, row.Rows), Slot(1, row).index_select(0, row.Rows));
        Update(w, z, n, row.Gradient, rate);
        weight.index_copy_(0, row.Rows, w);
        Slot(0, row).index_copy_(0, row.Rows, z);
        Slot(1, row).index_copy_(0, row.Rows, n);
    }

    private void Update(Tensor w, Tensor z, Tensor n, Tensor gradient, double alpha)
    {
        var grown = n.addcmul(gradient, gradient, 1);
        z.add_(gradient).sub_(w * (grown.sqrt() - n.sqrt()) / alpha);
        n.copy_(grown);
        var shrunk = z.abs().sub_(l1).clamp_min_(0) * z.sign();
        w.copy_(-shrunk / (((beta + n.sqrt()) / alpha) + l2));
    }

    private Rule Of(double rate) => new((float)rate, (float)beta, (float)l1, (float)l2);

    private readonly struct Rule(float alpha, float beta, float l1, float l2) : IRowRule
    {
        public void Update(ref Vector<float> weight, ref Vector<float> z, ref Vector<float> n, Vector<float> gradient)
        {
            var grown = n + (gradient * gradient);
            var root = Vector.SquareRoot(grown);
            z += gradient - ((root - Vector.SquareRoot(n)) / alpha * weight);
            n = grown;
            var size = Vector.Max(Vector.Abs(z) - new Vector<float>(l1), Vector<float>.Zero);
            var shrunk = Vector.ConditionalSelect(Vector.LessThan(z, Vector<float>.Zero), -size, size);
            weight = -shrunk / (((new Vector<float>(beta) + root) / alpha) + new Vector<float>(l2));
        }
    }
}
