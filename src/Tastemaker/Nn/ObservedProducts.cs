using Tastemaker.Batches;
using Tastemaker.Options;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Tastemaker.Nn;

/// <summary>
/// A fully connected output layer over a catalog of which only observed entries are needed: out[p, l] = h_r . w[c K + l] + b[c K + l] for each
/// observed entry p = (r, c), with K outputs a column. By one product for all entries, or one inner product for each observed one: the same
/// numbers and gradients.
/// </summary>
internal static class ObservedProducts
{
    // Shares of observed entries from which on the product of all is faster, measured on one core with 100 to 500 hidden units; on accelerators, whose
    // products are nearer their peak, assumed.
    private const double DenseFrom = 0.12;
    private const double DenseFromOnAccelerators = 0.005;
    private const long BlockNumbers = 8 << 20; // gathered at once where torch does it: 32 MiB of float32

    /// <summary>The outputs of observed entries [nnz, K].</summary>
    /// <param name="hidden">What the layer reads [B, H].</param>
    /// <param name="weight">[columns K, H], the K rows of a column one after the other.</param>
    /// <param name="bias">[columns K].</param>
    /// <param name="columns">Columns of all rows [nnz], int32.</param>
    /// <param name="offsets">Row starts [B + 1], int32.</param>
    /// <param name="outputs">K.</param>
    /// <param name="way">How.</param>
    public static Tensor Of(Tensor hidden, Tensor weight, Tensor bias, Tensor columns, Tensor offsets, int outputs = 1, ObservedOutput way = ObservedOutput.Auto)
    {
        if (way is ObservedOutput.Auto)
        {
            var density = columns.shape[0] * outputs / Math.Max(1.0, (double)hidden.shape[0] * weight.shape[0]);
            way = density >= (hidden.device_type is DeviceType.CPU ? DenseFrom : DenseFromOnAccelerators) ? ObservedOutput.Dense : ObservedOutput.Gathered;
        }

        if (way is ObservedOutput.Gathered)
        {
            return EntryProducts.apply(hidden, weight, bias, columns, offsets, outputs);
        }

        var all = addmm(bias, hidden, weight.t(), 1, 1).view(-1, outputs); // [B columns, K]
        return all.index_select(0, (RowIndices.Of(offsets, columns.shape[0]) * (weight.shape[0] / outputs)) + columns);
    }

    private sealed class EntryProducts : SingleTensorFunction<EntryProducts>
    {
        public override string Name => nameof(EntryProducts);

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var (hidden, weight, bias) = (((Tensor)vars[0]).contiguous(), (Tensor)vars[1], (Tensor)vars[2]);
            var (columns, offsets, outputs) = ((Tensor)vars[3], (Tensor)vars[4], (int)vars[5]);
            using var grad = no_grad();
            ctx.save_for_backward([hidden, weight, columns, offsets]);
            if (OnCpu(hidden))
            {
                var result = empty([columns.shape[0], outputs], hidden.dtype);
                EntryKernel.Forward(hidden, weight, bias, columns, offsets, result);
                return result;
            }

            return Blocks(columns, offsets, weight.shape[1] * outputs, (rows, chosen) =>
                Gathered(weight, chosen, outputs).matmul(hidden.index_select(0, rows).unsqueeze(2)).squeeze(2) + bias.view(-1, outputs).index_select(0, chosen));
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
        {
            using var grad = no_grad();
            var saved = ctx.get_saved_variables();
            var (hidden, weight, columns, offsets) = (saved[0], saved[1], saved[2], saved[3]);
            var outputs = (int)grad_output.shape[1];
            var given = grad_output.contiguous(); // [nnz, K]
            var (ofHidden, ofWeight) = (zeros_like(hidden), zeros_like(weight, requires_grad: false));
            var ofBias = zeros(weight.shape[0], hidden.dtype, hidden.device);
            if (OnCpu(hidden))
            {
                EntryKernel.Backward(hidden, weight, columns, offsets, given, ofHidden, ofWeight, ofBias);
            }
            else
            {
                long done = 0;
                Blocks(columns, offsets, weight.shape[1] * outputs, (rows, chosen) =>
                {
                    var block = given.narrow(0, done, chosen.shape[0]); // [n, K]
                    done += chosen.shape[0];
                    var source = hidden.index_select(0, rows); // [n, H]
                    ofHidden.AddRows(rows, block.unsqueeze(1).matmul(Gathered(weight, chosen, outputs)).squeeze(1));
                    ofWeight.view(-1, outputs * weight.shape[1]).AddRows(chosen, (block.unsqueeze(2) * source.unsqueeze(1)).view(chosen.shape[0], -1));
                    ofBias.view(-1, outputs).AddRows(chosen, block);
                    return block;
                });
            }

            return [ofHidden, ofWeight, ofBias, null!, null!, null!];
        }

        private static bool OnCpu(Tensor hidden) => hidden.device_type is DeviceType.CPU && hidden.dtype is ScalarType.Float32;

        private static Tensor Gathered(Tensor weight, Tensor columns, int outputs) => weight.view(-1, outputs, weight.shape[1]).index_select(0, columns); // [n, K, H]

        private static Tensor Blocks(Tensor columns, Tensor offsets, long width, Func<Tensor, Tensor, Tensor> run)
        {
            var entries = columns.shape[0];
            var (rows, all) = (RowIndices.Of(offsets, entries), columns.to(int64));
            var size = Math.Max(1, BlockNumbers / width);
            var parts = new List<Tensor>();
            for (long first = 0; first < entries || parts.Count == 0; first += size)
            {
                using var scope = NewDisposeScope();
                var count = Math.Min(size, entries - first);
                parts.Add(run(rows.narrow(0, first, count), all.narrow(0, first, count)).MoveToOuterDisposeScope());
            }

            return parts.Count == 1 ? parts[0] : cat(parts);
        }
    }
}
