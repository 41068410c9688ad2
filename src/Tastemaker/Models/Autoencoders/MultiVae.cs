using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>Hyper-parameters of Multi-VAE; the defaults are the paper's and the official code's on MovieLens-20M.</summary>
public sealed record MultiVaeOptions : GradientModelOptions
{
    /// <summary>The paper's 200 epochs, and as its batch at most 500 users: such that an epoch has 20 updates.</summary>
    public MultiVaeOptions()
    {
        BatchSize = null;
        Epochs = 200;
    }

    /// <summary>Widths of the layers between input and latent vector; the decoder mirrors them. <value>600</value></summary>
    [Range(1, 65_536)]
    [SearchChoices("[]", "200", "600")]
    public IReadOnlyList<int> Hidden { get; init; } = [600];

    /// <summary>Length K of the latent vector. <value>200</value></summary>
    [Range(1, 65_536)]
    [Search(32, 512, Log = true)]
    public int Latent { get; init; } = 200;

    /// <summary>Share of a row's clicks hidden from the encoder in training. <value>0.5</value></summary>
    [Range(0.0, 0.99)]
    [Search(0.1, 0.8)]
    public double Dropout { get; init; } = 0.5;

    /// <summary>Largest weight of the KL term ("beta"). <value>0.2</value></summary>
    [Range(0.0, 10.0)]
    [Search(0.05, 1.0)]
    public double KlCap { get; init; } = 0.2;

    /// <summary>
    /// T: the weight of the KL term after t updates is min(cap, t / T). <value>none: such that the cap is reached at a fiftieth of the planned updates</value>
    /// The paper's 200,000 suits MovieLens-20M; on small data it would leave the weight near 0, and on sparse data the best epoch comes before a tenth of the updates. 0: the cap from the first update on.
    /// </summary>
    [Symbol("T")]
    [Range(0, int.MaxValue)]
    public int? AnnealingUpdates { get; init; }
}

/// <summary>
/// A variational autoencoder of a user's clicks with multinomial likelihood and an annealed KL term (Liang et al. 2018, section 2). tanh after
/// hidden layers only. The latent vector is sampled in training; scores come from its mean. The KL term is averaged over users, as is the
/// likelihood.
/// </summary>
internal sealed class MultiVae(MultiVaeOptions options, ModelShape shape)
    : MultinomialAutoencoder(nameof(MultiVae), shape, options, options.Hidden, encoded: 2 * options.Latent, activatesCode: false, code: options.Latent)
{
    private const double AnnealedShare = 0.02;

    private double klWeight;

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = Entry<MultiVaeOptions>(
        "multi-vae", "Multi-VAE", "A variational autoencoder of a user's items with multinomial likelihood.", (options, shape) => new MultiVae(options, shape), Export);

    /// <inheritdoc/>
    public override GradientTraining<UserRowBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var training = base.Begin(train, run);
        long updatesBefore = 0, perEpoch = training.StepsPerEpoch, planned = perEpoch * Plan.Epochs;
        training.EpochStarting = (epoch, _) => klWeight = KlWeight(updatesBefore = epoch * perEpoch, planned);
        training.StepDone = step => klWeight = KlWeight(updatesBefore + step, planned);
        training.Note = run => KlWeight(((run.BestEpoch ?? run.Epochs - 1) + 1L) * perEpoch, planned) is var weight && weight < options.KlCap
            ? string.Create(
                CultureInfo.InvariantCulture, $"In the best epoch the weight of the KL term was {weight:0.####}, below its cap of {options.KlCap}: lower annealing-updates or kl-cap.")
            : null;
        return training;
    }

    /// <inheritdoc/>
    public override Tensor Loss(UserRowBatch batch)
    {
        var (mean, logVariance) = Moments(NormalizedClicks.Of(batch).Corrupted(options.Dropout, training));
        var latent = training ? mean + (randn_like(mean) * (0.5 * logVariance).exp()) : mean;
        return Reconstruction(latent, batch) + (klWeight * Losses.GaussianDivergence(mean, logVariance));
    }

    /// <summary>The weight of the KL term after <paramref name="updates"/> of <paramref name="planned"/> updates.</summary>
    public double KlWeight(long updates, long planned)
    {
        var annealing = options.AnnealingUpdates ?? AnnealedShare * planned / options.KlCap;
        return updates >= options.KlCap * annealing ? options.KlCap : updates / annealing;
    }

    /// <inheritdoc/>
    protected override Tensor Code(NormalizedClicks rows) => Moments(rows).Mean;

    private static GraphValue Export(GraphSource source) =>
        ExportDecoder(source, ExportEncoder(source, activatesLast: false).Slice(1, 0, source.Options<MultiVaeOptions>().Latent)); // of the mean, the first half

    /// <summary>Mean and log variance [B, K] of the latent vector.</summary>
    private (Tensor Mean, Tensor LogVariance) Moments(NormalizedClicks rows)
    {
        var moments = Encode(rows); // [B, 2K]
        return (moments.narrow(1, 0, options.Latent), moments.narrow(1, options.Latent, options.Latent));
    }
}
