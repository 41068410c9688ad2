using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Solvers;

/// <summary>
/// A table of vectors that learn one at a time by AdaGrad: theta -= rate g / sqrt(beta + sum of g^2), where g holds the gradient of the loss and
/// decay theta. A vector that is not touched does not decay.
/// </summary>
/// <param name="values">The vectors [rows, dimension]; changed in place.</param>
/// <param name="dimension">Length of a vector.</param>
/// <param name="rate">Learning rate.</param>
/// <param name="beta">What sums begin with.</param>
/// <param name="decay">L2 penalty: the gradient of decay / 2 |theta|^2 is added to each gradient.</param>
internal sealed class RowAdagrad(float[] values, int dimension, float rate, float beta, float decay)
{
    private readonly float[] sums = new float[values.Length];

    /// <summary>The sums of squared gradients as a tensor [rows, dimension], for resuming.</summary>
    public Tensor Sums => tensor(sums, Shape);

    /// <summary>[rows, dimension].</summary>
    public long[] Shape => [values.Length / dimension, dimension];

    /// <summary>Takes over saved sums.</summary>
    public void Restore(float[] saved) => saved.CopyTo(sums, 0);

    /// <summary>One step of a vector along <c>scale x direction</c>.</summary>
    public void Step(int row, float scale, ReadOnlySpan<float> direction)
    {
        var theta = values.AsSpan(row * dimension, dimension);
        var sum = sums.AsSpan(row * dimension, dimension);
        var wideTheta = MemoryMarshal.Cast<float, Vector<float>>(theta);
        var wideSum = MemoryMarshal.Cast<float, Vector<float>>(sum);
        var wide = MemoryMarshal.Cast<float, Vector<float>>(direction);
        for (var place = 0; place < wideTheta.Length; place++)
        {
            var gradient = (wide[place] * scale) + (wideTheta[place] * decay);
            wideSum[place] += gradient * gradient;
            wideTheta[place] -= gradient * rate / Vector.SquareRoot(wideSum[place] + new Vector<float>(beta));
        }

        for (var place = wideTheta.Length * Vector<float>.Count; place < dimension; place++)
        {
            var gradient = (scale * direction[place]) + (decay * theta[place]);
            sum[place] += gradient * gradient;
            theta[place] -= rate * gradient / MathF.Sqrt(sum[place] + beta);
        }
    }
}
