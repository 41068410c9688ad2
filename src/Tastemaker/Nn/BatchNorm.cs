using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// Batch normalization (Ioffe and Szegedy 2015): (x - m) / sqrt(s^2 + 1e-5) gamma + beta a column. In training m and s^2 are the batch's, and running
/// averages (a tenth new) are kept; in evaluation they are these averages, frozen, so that a row's result does not depend on its companions. A
/// batch of one row has no variance and is trained on the averages too.
/// </summary>
internal sealed class BatchNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // fields, because state_dict names parameters and buffers by their fields
    private readonly Parameter bias;
    private readonly Tensor mean;
    private readonly Tensor variance;

    /// <summary>A layer over <paramref name="width"/> columns.</summary>
    public BatchNorm(long width)
        : base(nameof(BatchNorm))
    {
        (weight, bias, mean, variance) = (nn.Parameter(ones(width)), nn.Parameter(zeros(width)), zeros(width), ones(width));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x) => // [B, width]
        nn.functional.batch_norm(x, get_buffer(nameof(mean)), get_buffer(nameof(variance)), weight, bias, training && x.shape[0] > 1, momentum: 0.1, eps: 1e-5);
}
