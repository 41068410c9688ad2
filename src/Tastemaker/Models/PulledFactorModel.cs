using Tastemaker.Batches;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models;

/// <summary>The weights of a factorization whose item vectors are pulled to the codes of their content, and the codes to them.</summary>
internal interface IPulledFactorOptions
{
    /// <summary>K: values per user and item, and per code.</summary>
    int Dimension { get; }

    /// <summary>lambda_u: how strongly user vectors are held to 0.</summary>
    double UserWeight { get; }

    /// <summary>lambda_v: how strongly item vectors are held to their codes, and codes to their vectors.</summary>
    double ItemWeight { get; }

    /// <summary>lambda_n: how much reconstruction weighs.</summary>
    double ContentWeight { get; }

    /// <summary>Epochs of each stage of the network by itself.</summary>
    int PretrainingEpochs { get; }
}

/// <summary>
/// What CDL, CDR and CRAE share: item vectors v_j = f_e(x_j) + eps_j around the codes of a denoising autoencoder over item content, learned by turns.
/// First the network by itself, in stages; then, epoch by epoch, a pass over the items for the network with U and V fixed, and a step of U and V with
/// the codes fixed, which is what the systems differ in. An item without interactions has eps_j = 0.
/// </summary>
/// <remarks>
/// The network minimizes, mean over items, reconstruction + lambda_v / (2 lambda_n) |v_j - f_e(x~_j)|^2, and weight decay: the objective over lambda_n and
/// the number of items, as the official code of CDL scales it, so that lambda_w of the papers is the weight decay times both. The first joint epoch has no pull,
/// for V is not learned yet. The reported loss of an epoch is the whole objective in that scale, but for the noise of the pass that reconstruction was measured in;
/// pre-training, whose losses are of another kind, reports those of its steps alone.
/// </remarks>
internal abstract class PulledFactorModel<TBatch> : ContentFactorModel<TBatch>
    where TBatch : Batch
{
    private readonly GradientModelOptions options;
    private readonly IPulledFactorOptions weights;

    /// <summary>A model.</summary>
    /// <param name="name">Name of the module.</param>
    /// <param name="shape">Sizes of the data, with the content of items.</param>
    /// <param name="options">The options, which have the weights too.</param>
    protected PulledFactorModel(string name, ModelShape shape, GradientModelOptions options)
        : base(name, shape, options, ((IPulledFactorOptions)options).Dimension) => (this.options, weights) = (options, (IPulledFactorOptions)options);

    /// <summary>Pre-training, stage by stage, and the joint epochs; there are no user vectors before these.</summary>
    public sealed override EpochPlan Plan => new((Stages * weights.PretrainingEpochs) + options.Epochs, FirstMeasured: Stages * weights.PretrainingEpochs);

    /// <summary>Whether V begins at the codes, and not at random vectors.</summary>
    protected virtual bool BeginsAtCodes => true;

    /// <summary>Stages of pre-training.</summary>
    protected abstract int Stages { get; }

    /// <summary>What learns in a stage of pre-training.</summary>
    protected abstract IEnumerable<Parameter> OfStage(int stage);

    /// <summary>What a stage of pre-training minimizes on a batch, mean over its items.</summary>
    protected abstract Tensor StageLoss(int stage, TBatch batch);

    /// <summary>The items of a batch [B], the codes of their noisy content [B, K], and how badly these are reconstructed, mean over the items.</summary>
    protected abstract (Tensor Items, Tensor Codes, Tensor Reconstruction) Denoise(TBatch batch);

    /// <summary>What the network minimizes on a batch, mean over its items, and the reconstruction alone.</summary>
    /// <param name="batch">Items with their content.</param>
    /// <param name="vectors">V [items, K].</param>
    /// <param name="pull">lambda_v / lambda_n.</param>
    public (Tensor Loss, Tensor Reconstruction) ContentLoss(TBatch batch, Tensor vectors, double pull)
    {
        var (items, codes, reconstruction) = Denoise(batch);
        var distance = (codes - vectors.index_select(0, items)).square().sum() / batch.Count;
        return (pull > 0 ? reconstruction + (pull / 2 * distance) : reconstruction, reconstruction);
    }

    /// <summary>The step of U and V, codes fixed.</summary>
    /// <param name="context">The epoch.</param>
    /// <param name="isFirst">Whether V has just begun at the codes.</param>
    /// <returns>The terms of the (negative) objective in U and V, the pull included.</returns>
    protected abstract double LearnFactors(EpochContext context, bool isFirst);

    /// <inheritdoc/>
    protected override double? Learn(EpochContext context, IBatchSource<TBatch> source)
    {
        var stage = context.Epoch < Plan.FirstMeasured ? context.Epoch / weights.PretrainingEpochs : -1;
        if (stage >= 0)
        {
            RunContent(context, source, $"layer {stage + 1}", OfStage(stage), batch => StageLoss(stage, batch));
            return null;
        }

        var isFirst = context.Epoch == Plan.FirstMeasured;
        var reconstruction = LearnContent(context, source, isFirst ? 0 : weights.ItemWeight / weights.ContentWeight);
        Encode();
        if (isFirst && BeginsAtCodes)
        {
            Codes.CopyTo(Items, 0);
        }

        var factors = LearnFactors(context, isFirst);
        PlaceUnmet();
        return reconstruction + (factors / (weights.ContentWeight * Math.Max(1, Shape.Items))) + Decay();
    }

    /// <summary>lambda_v / 2 sum of |v_j - theta_j|^2.</summary>
    protected double PullTerm()
    {
        var sum = 0.0;
        for (var index = 0; index < Codes.Length; index++)
        {
            double away = Items[index] - Codes[index];
            sum += away * away;
        }

        return weights.ItemWeight / 2 * sum;
    }

    /// <summary>lambda_u / 2 sum of |u_i|^2.</summary>
    protected double UserTerm() => weights.UserWeight / 2 * Users.Sum(value => (double)value * value);

    // The mean reconstruction of an item, by a pass that also pulls codes to item vectors.
    private double LearnContent(EpochContext context, IBatchSource<TBatch> source, double pull)
    {
        using var scope = NewDisposeScope();
        var vectors = ItemsBesideReader();
        var (total, count) = (zeros(1, float64, vectors.device), 0L);
        RunContent(context, source, "joint", Reader.parameters(), batch =>
        {
            var (loss, reconstruction) = ContentLoss(batch, vectors, pull);
            total.add_(reconstruction.detach(), batch.Count);
            count += batch.Count;
            return loss;
        });
        return total.item<double>() / Math.Max(1, count);
    }

    private double Decay()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return options.WeightDecay / 2 * Reader.parameters().Sum(parameter => parameter.square().sum().item<float>());
    }
}
