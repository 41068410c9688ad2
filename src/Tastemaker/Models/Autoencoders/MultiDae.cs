using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Systems;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>Hyper-parameters of Multi-DAE; the defaults are the paper's on MovieLens-20M.</summary>
public sealed record MultiDaeOptions : GradientModelOptions
{
    /// <summary>The paper's 200 epochs, and as its batch at most 500 users: such that an epoch has 20 updates.</summary>
    public MultiDaeOptions()
    {
        BatchSize = null;
        Epochs = 200;
    }

    /// <summary>Widths of the layers between input and bottleneck; the decoder mirrors them. <value>none</value></summary>
    [Range(1, 65_536)]
    public IReadOnlyList<int> Hidden { get; init; } = [];

    /// <summary>Width K of the bottleneck. <value>200</value></summary>
    [Range(1, 65_536)]
    [Search(32, 512, Log = true)]
    public int Latent { get; init; } = 200;

    /// <summary>Share of a row's clicks hidden from the encoder in training: the denoising. <value>0.5</value></summary>
    [Range(0.0, 0.99)]
    [Search(0.1, 0.8)]
    public double Dropout { get; init; } = 0.5;

    /// <summary>
    /// Factor of the sum of squares of all weight matrices in the loss. <value>2e-5</value> That is the official code's 0.01 / batch size; the
    /// paper says 0.01 without the division.
    /// </summary>
    [Range(0.0, 10.0)]
    [Search(1e-6, 1e-2, Log = true)]
    public double L2 { get; init; } = 2e-5;
}

/// <summary>
/// Reconstructs a user's clicks from a corrupted copy through a bottleneck, under a multinomial likelihood (Liang et al. 2018). The target is the
/// whole clean row. tanh follows every layer but the last, the bottleneck included. Dropout acts on the clicks after their normalization, which is
/// the random function of dropout on the dense row, since a dropped zero is a zero.
/// </summary>
internal sealed class MultiDae(MultiDaeOptions options, ModelShape shape)
    : MultinomialAutoencoder(nameof(MultiDae), shape, options, options.Hidden, encoded: options.Latent, activatesCode: true, code: options.Latent)
{
    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = Entry<MultiDaeOptions>(
        "multi-dae", "Multi-DAE", "A denoising autoencoder of a user's items with multinomial likelihood.", (options, shape) => new MultiDae(options, shape), Export);

    /// <inheritdoc/>
    public override Tensor Loss(UserRowBatch batch) =>
        Reconstruction(Code(NormalizedClicks.Of(batch).Corrupted(options.Dropout, training)), batch) + (options.L2 * SumOfSquares());

    /// <inheritdoc/>
    protected override Tensor Code(NormalizedClicks rows) => Encode(rows); // [B, K]

    private static GraphValue Export(GraphSource source) => ExportDecoder(source, ExportEncoder(source, activatesLast: true));

    private Tensor SumOfSquares() =>
        Encoder.Weights.Concat(Decoder.Layers.Select(layer => layer.Weight)).Select(weight => weight.square().sum()).Aggregate((a, b) => a + b);
}
