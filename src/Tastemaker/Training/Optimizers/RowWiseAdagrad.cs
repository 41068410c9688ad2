using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>
/// Adagrad with one accumulator a row of an embedding table, as recommenders with huge tables use it (Naumov et al. 2019; Mudigere et al. 2022,
/// section 4.1.2): a_r += mean(g_r^2); w_r -= lr g_r / sqrt(a_r + 1e-6). The state of a table of width d takes a d-th of Adagrad's. All tables
/// are updated by row; other parameters by plain <see cref="Adagrad"/>. Weight decay is an L2 term in the gradient of what a step touches.
/// </summary>
internal sealed class RowWiseAdagrad(ParameterSet parameters, double weightDecay) : Optimizer(parameters, ["accumulator"], RowState.OneNumber)
{
    /// <inheritdoc/>
    protected override void StepWhole(Tensor[] parameters, Tensor[] gradients, double rate)
    {
        if (weightDecay > 0)
        {
            FusedKernels.Add(gradients, parameters, weightDecay);
        }

        FusedKernels.Adagrad(parameters, gradients, Slot(0), rate, Adagrad.Epsilon);
    }

    /// <inheritdoc/>
    protected override void StepRows(RowGradient row, Tensor weight, double rate)
    {
        var gradient = weightDecay > 0 ? row.Gradient.add(weight.index_select(0, row.Rows), weightDecay) : row.Gradient;
        var accumulator = Slot(0, row).index_select(0, row.Rows).add_(gradient.square().mean([1])); // [n]
        Slot(0, row).index_copy_(0, row.Rows, accumulator);
        var sizes = accumulator.add_(Adagrad.Epsilon).rsqrt_().mul_(-rate).unsqueeze(1); // [n, 1]
        weight.AddRows(row.Rows, gradient * sizes);
    }
}
