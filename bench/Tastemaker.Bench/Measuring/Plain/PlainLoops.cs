using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Models.Mlp;
using Tastemaker.Options;

namespace Tastemaker.Bench.Measuring.Plain;

/// <summary>The systems for which the harness has a plain loop.</summary>
internal static class PlainLoops
{
    /// <summary>The plain loop on the same batch with the same sizes; null where there is none, or where the optimizer is not Adam.</summary>
    public static PlainLoop? Of(GradientModelOptions options, TrainingSet train, Batch batch) => (options, batch) switch
    {
        ({ Optimizer: not OptimizerKind.Adam }, _) => null,
        (NeuMFOptions { PretrainingEpochs: 0 } neumf, PointwiseBatch pairs) => new PlainNeuMF(
            neumf, train.UserCount, train.ItemCount, pairs.UserBuffer[..pairs.Count], pairs.ItemBuffer[..pairs.Count], pairs.LabelBuffer[..pairs.Count]),
        (MultiVaeOptions vae, UserRowBatch rows) => new PlainMultiVae(
            vae,
            train.ItemCount,
            [.. Enumerable.Range(0, rows.Count).Select(row => rows.ItemBuffer[rows.OffsetBuffer[row]..rows.OffsetBuffer[row + 1]])]),
        _ => null,
    };
}
