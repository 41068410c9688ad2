using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Solvers;
using Tastemaker.Systems;
using Tastemaker.Training;
using Tastemaker.Training.Batches;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>Hyper-parameters of Multi-DAE; the defaults are the paper's on MovieLens-20M.</summary>
public sealed record MultiDaeOptions : GradientModelOptions
{
    /// <summary>The paper's batch of 500 users and 200 epochs.</summary>
    public MultiDaeOptions()
    {
        BatchSize = 500;
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
/// whole clean row. tanh follows every layer but the last, the bottleneck included. Dropout acts on the clicks after their normalisation, which is
/// the random function of dropout on the dense row, since a dropped zero is a zero.
/// </summary>
internal sealed class MultiDae : GradientModel<UserRowBatch>, IPartialScorer
{
    private readonly MultiDaeOptions options;
    private readonly SparseTower encoder;
    private readonly Tower decoder;
    private readonly CatalogLayer catalog;
    private Lazy<HiddenLayers> hidden;

    public MultiDae(MultiDaeOptions options, ModelShape shape)
        : base(nameof(MultiDae), shape, options)
    {
        this.options = options;
        var biases = Initializers.TruncatedNormal(0.001);
        encoder = new SparseTower(shape.Items, [.. options.Hidden, options.Latent], x => x.tanh(), true, Initializers.GlorotUniform, biases);
        decoder = new Tower(
            options.Latent, [.. options.Hidden.Reverse(), shape.Items], x => x.tanh(), false, Initializers.GlorotUniform, biases);
        RegisterComponents();
        catalog = new CatalogLayer(() => decoder.Layers[^1].Weight, () => decoder.Layers[^1].Bias);
        hidden = new(Hidden);
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<MultiDaeOptions>((options, shape) => new MultiDae(options, shape))
    {
        Id = "multi-dae",
        Name = "Multi-DAE",
        Family = "Autoencoders",
        Summary = "A denoising autoencoder of a user's items with multinomial likelihood.",
        Paper = "Liang, Krishnan, Hoffman, Jebara: Variational Autoencoders for Collaborative Filtering. WWW 2018.",
        Answers = Answers.Everyone,
    };

    /// <inheritdoc/>
    protected override IBatchSource<UserRowBatch> Batches(TrainingSet train) => new UserRowSource(train.Seen, options.BatchSize);

    /// <inheritdoc/>
    public override Tensor Loss(UserRowBatch batch) =>
        Losses.Multinomial(Logits(ClickRows.Of(batch)), batch.Items, batch.Offsets) + (options.L2 * SumOfSquares());

    /// <inheritdoc/>
    protected override Tensor Score(RequestBatch requests) => Logits(ClickRows.Of(requests, decoder.Layers[0].Weight.device));

    /// <inheritdoc/>
    public IPartialScores? Begin(RequestBatch requests) =>
        decoder.Layers[^1].Weight.device_type == DeviceType.CPU ? catalog.Begin(hidden.Value.Of(requests)) : null;

    /// <summary>Also forgets what scoring has prepared: weights may change, or have changed, in training.</summary>
    public override void train(bool on = true)
    {
        base.train(on);
        catalog.Forget();
        hidden = new(Hidden);
    }

    private HiddenLayers Hidden() => HiddenLayers.Of(encoder, keep: options.Latent, activatesLast: true, decoder);

    private Tensor Logits(ClickRows clean)
    {
        var rows = clean.Corrupted(options.Dropout, training);
        return decoder.forward(encoder.Forward(rows.Items, rows.Offsets, rows.Values)); // [B, items]
    }

    private Tensor SumOfSquares() =>
        encoder.Weights.Concat(decoder.Layers.Select(layer => layer.Weight)).Select(weight => weight.square().sum()).Aggregate((a, b) => a + b);
}
