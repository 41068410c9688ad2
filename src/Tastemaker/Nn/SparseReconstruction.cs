using Tastemaker.Data;
using Tastemaker.Options;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Tastemaker.Nn;

/// <summary>
/// A fully connected logistic output layer and its loss against sparse rows: no dense target is ever built. With logits s, cross-entropy is the sum over
/// all columns of softplus(s) less the sum over the row's entries of x s; the squared error of y = sigma(s) is half the sum of y^2 less that of x y,
/// and half that of x^2. In main memory value and gradients are taken in one go: three matrix products, and two passes over the logits.
/// </summary>
internal static class SparseReconstruction
{
    /// <summary>The loss summed over columns, mean over rows: a scalar.</summary>
    /// <param name="kind">Which loss.</param>
    /// <param name="hidden">What the layer reads [B, width].</param>
    /// <param name="weight">Its weights [columns, width].</param>
    /// <param name="bias">Its biases [columns].</param>
    /// <param name="target">The rows it should give, values between 0 and 1.</param>
    public static Tensor Loss(ReconstructionLoss kind, Tensor hidden, Tensor weight, Tensor bias, SparseInput target) =>
        hidden.device_type == TorchSharp.DeviceType.CPU
            ? FusedLoss.apply(hidden, weight, bias, target.Places(weight.shape[0]), target.Values, kind)
            : OfLogits(kind, nn.functional.linear(hidden, weight, bias), target);

    /// <summary>
    /// Begins the biases of the output where they alone give each column its mean over the rows. From 0, the thousands of words of a vocabulary would each
    /// take thousands of steps to become as rare as they are.
    /// </summary>
    /// <param name="bias">The biases [columns].</param>
    /// <param name="rows">The rows, values between 0 and 1; an entry without a value counts 1.</param>
    public static void BeginAtMeans(Tensor bias, SparseRows rows)
    {
        var sums = new double[rows.ColumnCount];
        for (var entry = 0; entry < rows.EntryCount; entry++)
        {
            sums[rows.Columns[entry]] += rows.HasValues ? rows.Values[entry] : 1;
        }

        using var grad = no_grad();
        using var scope = NewDisposeScope();
        bias.copy_(tensor(sums).add_(0.5).div_(rows.RowCount + 1).clamp_max_(0.99).logit());
    }

    /// <summary>The loss from logits [B, columns].</summary>
    public static Tensor OfLogits(ReconstructionLoss kind, Tensor logits, SparseInput target)
    {
        var places = target.Places(logits.shape[1]);
        if (kind is ReconstructionLoss.CrossEntropy)
        {
            return (nn.functional.softplus(logits).sum() - (logits.flatten().index_select(0, places) * target.Values).sum()) / target.Rows;
        }

        var outputs = logits.sigmoid();
        var cross = (outputs.flatten().index_select(0, places) * target.Values).sum();
        return (((outputs.square().sum() + target.Values.square().sum()) / 2) - cross) / target.Rows;
    }

    /// <summary>The same against dense targets [B, columns]: of hidden layers.</summary>
    public static Tensor OfDense(ReconstructionLoss kind, Tensor logits, Tensor target) => kind is ReconstructionLoss.CrossEntropy
        ? (nn.functional.softplus(logits) - (target * logits)).sum() / target.shape[0]
        : (logits.sigmoid() - target).square().sum() / (2 * target.shape[0]);

    /// <summary>Forward computes the gradients too, so that backward only scales what forward left.</summary>
    private sealed class FusedLoss : SingleTensorFunction<FusedLoss>
    {
        public override string Name => nameof(FusedLoss);

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var (hidden, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
            var (places, values, kind) = ((Tensor)vars[3], (Tensor)vars[4], (ReconstructionLoss)vars[5]);
            using var grad = no_grad();
            var rows = hidden.shape[0];
            using var scope = NewDisposeScope();
            var scores = addmm(bias, hidden, weight.t(), 1, 1); // [B, columns]
            var flat = scores.view(-1);
            Tensor loss;
            if (kind is ReconstructionLoss.CrossEntropy)
            {
                loss = nn.functional.softplus(scores).sum() - flat.index_select(0, places).mul_(values).sum();
                flat.sigmoid_().scatter_add_(0, places, -values); // d loss / d logit = y - x
            }
            else
            {
                flat.sigmoid_();
                var slopes = scores * (1 - scores);
                flat.scatter_add_(0, places, -values);
                loss = scores.square().sum() / 2;
                scores.mul_(slopes); // (y - x) y (1 - y)
            }

            // sum([0]), because sum(0) would read 0 as a scalar type.
            ctx.save_for_backward([
                scores.matmul(weight).div_(rows).MoveToOuterDisposeScope(),
                zeros_like(weight).addmm_(scores.t(), hidden, 0, 1f / rows).MoveToOuterDisposeScope(),
                scores.sum([0]).div_(rows).MoveToOuterDisposeScope()]);
            return loss.div_(rows).MoveToOuterDisposeScope();
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
