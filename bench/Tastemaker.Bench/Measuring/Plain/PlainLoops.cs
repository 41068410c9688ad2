using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Models.Attention;
using Tastemaker.Models.Autoencoders;
using Tastemaker.Models.Graph;
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
        (LightGcnOptions { Candidates: 1 } graph, PairwiseBatch pairs) => new PlainLightGcn(
            graph, train, pairs.UserBuffer[..pairs.Count], pairs.PositiveBuffer[..pairs.Count], pairs.NegativeBuffer[..pairs.Count]),
        (SasRecOptions { Samples: 0, Loss: SasRecLoss.CrossEntropy } sequences, SequenceBatch some) => new PlainSasRec(sequences, train.ItemCount, some),
        _ => null,
    };
}
