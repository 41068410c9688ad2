using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Tastemaker.Nn;

/// <summary>
/// A fully connected output layer over the catalog with the multinomial loss, computed in blocks of rows. The result equals <see cref="Losses.Multinomial"/> of the output of the layer, but the scores of all rows are never in memory
/// together, and the gradient of a block is computed while the block is in cache. Memory is bounded for any catalog; the time is that of three matrix products and three passes over the scores.
/// </summary>
internal static class MultinomialOutput
{
    /// <summary>Most scores of a block: 16 MiB of float32. From 32 MiB on, the C library requests every block from the operating system anew, which is slow.</summary>
    private const long BlockScores = 4 << 20;

    /// <summary>Minus the log-likelihood of whole rows, mean over rows: a scalar.</summary>
    /// <param name="hidden">The input of the layer [B, width].</param>
    /// <param name="layer">From width to the catalog.</param>
    /// <param name="items">Items of all rows [nnz], distinct in a row.</param>
    /// <param name="offsets">Row starts [B + 1].</param>
    /// <param name="blockRows">Rows per block; 0 for as many as <see cref="BlockScores"/> allows.</param>
    public static Tensor Loss(Tensor hidden, Dense layer, Tensor items, Tensor offsets, int blockRows = 0)
    {
        if (hidden.device_type != TorchSharp.DeviceType.CPU || layer.TrainsInBFloat16)
        {
            return Losses.Multinomial(layer.forward(hidden), items, offsets); // whole kernels are faster on an accelerator
        }

        return Blockwise(hidden, layer.Weight, layer.Bias, items, offsets, blockRows);
    }

    /// <summary>Softmax cross-entropy of one target item per row over all items, where scores are inner products with a table; mean over rows, a scalar.</summary>
    /// <param name="hidden">The query vector of each row [B, width].</param>
    /// <param name="table">A vector per item [items, width].</param>
    /// <param name="items">The target item of each row [B].</param>
    /// <param name="bias">A bias per item [items]; null for none.</param>
    public static Tensor Loss(Tensor hidden, Tensor table, Tensor items, Tensor? bias = null)
    {
        if (hidden.device_type != TorchSharp.DeviceType.CPU)
        {
            return nn.functional.cross_entropy(bias is null ? hidden.matmul(table.t()) : addmm(bias, hidden, table.t(), 1, 1), items.to(int64));
        }

        return Blockwise(hidden, table, bias ?? zeros(table.shape[0], table.dtype), items, arange(hidden.shape[0] + 1, int32), 0);
    }

    private static Tensor Blockwise(Tensor hidden, Tensor weight, Tensor bias, Tensor items, Tensor offsets, int blockRows)
    {
        var most = blockRows > 0 ? blockRows : (int)Math.Clamp(BlockScores / weight.shape[0], 1, hidden.shape[0]);
        return BlockwiseLoss.apply(hidden, weight, bias, items, offsets, most);
    }

    /// <summary>Computes the loss and its gradients in the forward pass; backward only scales the gradients.</summary>
    private sealed class BlockwiseLoss : SingleTensorFunction<BlockwiseLoss>
    {
        public override string Name => nameof(BlockwiseLoss);

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var (hidden, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
            var (items, offsets, blockRows) = ((Tensor)vars[3], (Tensor)vars[4], (int)vars[5]);
            using var grad = no_grad();
            var rows = hidden.shape[0];
            var counts = offsets.narrow(0, 1, rows) - offsets.narrow(0, 0, rows); // [B]
            var (ofHidden, ofWeight, ofBias) = (empty_like(hidden), empty_like(weight), zeros_like(bias));
            var loss = zeros(1, hidden.dtype);
            for (long first = 0; first < rows; first += blockRows)
            {
                using var scope = NewDisposeScope();
                var count = Math.Min(blockRows, rows - first);
                var inputs = hidden.narrow(0, first, count);
                var scores = addmm(bias, inputs, weight.t(), 1, 1).log_softmax(1); // [b, items]
                var (begin, end) = (offsets[first].item<int>(), offsets[first + count].item<int>());
                var lengths = counts.narrow(0, first, count);
                var starts = arange(count, int64).repeat_interleave(lengths.to(int64)) * scores.shape[1];
                var chosen = starts + items.narrow(0, begin, end - begin); // [nnz of the block]
                var flat = scores.view(-1);
                loss.sub_(flat.index_select(0, chosen).sum());

                // d loss / d score = (N_u p_ui - x_ui) / B, written over the scores.
                scores.exp_().mul_((lengths.to(scores.dtype) / rows).unsqueeze(1));
                flat.scatter_add_(0, chosen, full([1], -1f / rows, scores.dtype).expand(chosen.shape[0]));
                ofHidden.narrow(0, first, count).addmm_(scores, weight, 0, 1);
                ofWeight.addmm_(scores.t(), inputs, first == 0 ? 0 : 1, 1);
                ofBias.add_(scores.sum([0])); // sum(0) would read 0 as a scalar type
            }

            ctx.save_for_backward([ofHidden, ofWeight, ofBias]);
            return loss.div_(rows).squeeze(0);
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
        {
            using var grad = no_grad();
            var scale = grad_output.to(float64).item<double>();
            List<Tensor> gradients = [.. ctx.get_saved_variables()];
            if (scale != 1)
            {
                gradients.ForEach(gradient => gradient.mul_(scale));
            }

            return [.. gradients, null!, null!, null!];
        }
    }
}
