using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>
/// Convolutions with kernel 2 x 2 and stride 2 over the outer product of two vectors, each followed by ReLU, until the map is 1 x 1. Blocks do not overlap, so the layers form a quad-tree over pairs of
/// dimensions, and each layer is one matrix product over its blocks. The first layer is computed from the two vectors without building their outer product, at half the cost.
/// </summary>
internal sealed class QuadTree : nn.Module
{
    private readonly ParameterList kernels; // [4 x channels in, channels out]; a row of the matrix is (row of the block, column of the block, channel in)
    private readonly ParameterList biases;
    private readonly int channels;

    /// <summary>Layers for maps of 2^depth x 2^depth.</summary>
    /// <param name="depth">Number of layers, 1 or more.</param>
    /// <param name="channels">Channels of each layer.</param>
    /// <param name="deviation">Standard deviation of the initial kernels.</param>
    /// <param name="bias">Initial value of the biases.</param>
    public QuadTree(int depth, int channels, double deviation, double bias)
        : base(nameof(QuadTree))
    {
        this.channels = channels;
        kernels = new ParameterList([.. Enumerable.Range(0, depth).Select(layer => nn.Parameter(empty(layer == 0 ? 4 : 4 * channels, channels)))]);
        biases = new ParameterList([.. Enumerable.Range(0, depth).Select(_ => nn.Parameter(full(channels, bias)))]);
        using (no_grad())
        {
            foreach (var kernel in kernels)
            {
                Initializers.Normal(deviation)(kernel);
            }
        }

        RegisterComponents();
    }

    /// <summary>The kernels of all layers, the first layer first: [4 x channels in, channels].</summary>
    public IReadOnlyList<Parameter> Kernels => [.. kernels];

    /// <summary>The biases of all layers [channels].</summary>
    public IReadOnlyList<Parameter> Biases => [.. biases];

    /// <summary>The part of the first layer that depends on the second vector alone, [n, 2^depth] to [n, 2, 2^(depth - 1) x channels]: for each row of a block, the sum of the kernel over its columns. Computed once per item for all users.</summary>
    public Tensor Columns(Tensor q)
    {
        var kernel = kernels[0].view(2, 2, channels).transpose(0, 1).reshape(2, 2 * channels); // [y, x c]
        return q.view(q.shape[0], -1, 2).matmul(kernel).view(q.shape[0], -1, 2, channels).transpose(1, 2).reshape(q.shape[0], 2, -1); // [n, x, b c]
    }

    /// <summary>The last layer's output for pairs [n, channels].</summary>
    /// <param name="p">The first vectors [n, 2^depth].</param>
    /// <param name="columns"><see cref="Columns"/> of the second vectors [n, 2, 2^(depth - 1) x channels].</param>
    public Tensor forward(Tensor p, Tensor columns)
    {
        var half = p.shape[1] / 2;
        var x = nn.functional.relu(p.view(p.shape[0], half, 2).matmul(columns).view(p.shape[0], half, half, channels) + biases[0]); // [n, a, b, c]
        for (var layer = 1; layer < kernels.Count; layer++)
        {
            half /= 2;
            var blocks = x.view(x.shape[0], half, 2, half, 2 * channels).transpose(2, 3).reshape(-1, 4 * channels); // [n a b, 4 c]
            x = nn.functional.relu(addmm(biases[layer], blocks, kernels[layer], 1, 1)).view(-1, half, half, channels);
        }

        return x.view(-1, channels);
    }
}
