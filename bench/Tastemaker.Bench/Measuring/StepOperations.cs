using Tastemaker.Batches;
using Tastemaker.Nn;
using Tastemaker.Training;

namespace Tastemaker.Bench.Measuring;

/// <summary>Counts the floating-point operations of a step's matrix products: a multiply-add is two; backward costs twice forward.</summary>
internal static class StepOperations
{
    /// <summary>
    /// Fully connected layers and recurrent cells cost 6 B x weights, since both their input and their weights have gradients; sparse first
    /// layers 4 nnz x width, since their input has none; the scores of a session batch 6 B (B + samples) x width. Element-wise work, look-ups
    /// and optimizers are not counted.
    /// </summary>
    public static double Of(Model model, Batch batch)
    {
        var modules = model.modules().ToArray();
        double examples = batch.Count;
        var count = 6 * examples * modules.OfType<Dense>().Sum(layer => layer.Weight.numel());
        count += 6 * examples * modules.OfType<GruCell>().Sum(cell => cell.Recurrent.numel() + (cell.Input?.numel() ?? 0));
        if (batch is UserRowBatch rows)
        {
            count += 4.0 * rows.OffsetBuffer[rows.Count] * modules.OfType<SparseLinear>().Sum(layer => layer.Weight.shape[1]);
        }

        if (batch is SessionBatch sessions && modules.OfType<GruCell>().LastOrDefault() is { } last)
        {
            count += 6 * examples * (examples + sessions.SampleBuffer.Length) * last.Recurrent.shape[0];
        }

        return count;
    }
}
