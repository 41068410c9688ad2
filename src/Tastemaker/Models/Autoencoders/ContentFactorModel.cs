using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Solvers;
using Tastemaker.Training;
using Tastemaker.Training.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>
/// What CDL and CDR share: item vectors v_j = f_e(x_j) + eps_j around the codes of a stacked denoising autoencoder over item content, learned by turns.
/// First each layer of the network by itself; then, epoch by epoch, a pass over the items for the network with U and V fixed, and a step of U and V with
/// the codes fixed, which is what the two differ in. Codes for U and V come from clean content (official code). An item without interactions is
/// where its content puts it: eps_j = 0.
/// </summary>
/// <remarks>
/// The network minimizes, mean over items, reconstruction + lambda_v / (2 lambda_n) |v_j - f_e(x~_j)|^2, and weight decay: the objective over lambda_n and
/// the number of items, as the official code scales it, so that lambda_w of the paper is the weight decay times both. The first joint epoch has no pull,
/// for V begins at the codes. The reported loss of an epoch is the whole objective in that scale, but for the noise of the pass that reconstruction was measured in;
/// pre-training, whose losses are of another kind, reports those of its steps alone.
/// </remarks>
internal abstract class ContentFactorModel : FactorModel
{
    private readonly ContentFactorOptions options;
    private readonly SparseRows content;
    private readonly StackedDenoisingAutoencoder network;
    private readonly StagedOptimizer optimizer = new();
    private readonly bool[] met;

    /// <param name="name">Name of the module.</param>
    /// <param name="shape">Sizes of the data, with item features.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="InputException">The features are not of items, or not between 0 and 1.</exception>
    protected ContentFactorModel(string name, ModelShape shape, ContentFactorOptions options)
        : base(name, shape, options, options.Dimension, 0.1)
    {
        this.options = options;
        var space = shape.Get<FittedFields>().Space;
        EntityBags.Check(space.Schema, FieldSource.Item, "item-fields");
        content = EntityBags.Of(space, FieldSource.Item, BagScale.Maximum);
        Codes = new float[shape.Items * Dimension];
        met = new bool[shape.Items];
        network = new StackedDenoisingAutoencoder(
            content.ColumnCount, [.. options.Hidden, Dimension], options.Noise, options.Dropout, options.Tied, options.Reconstruction);
        network.BeginAtMeans(content);
        CheckRange();

        // By name, because what is in a base class is not found among the fields.
        register_module("content", network);
    }

    /// <summary>The content that a system of this kind reads; what is reconstructed lies between 0 and 1, so numbers become buckets.</summary>
    protected static IInput ContentOf<TOptions>()
        where TOptions : ContentFactorOptions, new() =>
        new EntityFeatures<TOptions>(options => new(options.ItemFields, options.MinimumCount) { NumberTransform = NumericTransform.Buckets });

    /// <summary>Pre-training, layer by layer, and the joint epochs; there are no user vectors before these.</summary>
    public sealed override EpochPlan Plan => new((network.Layers * options.PretrainingEpochs) + options.Epochs, FirstMeasured: network.Layers * options.PretrainingEpochs);

    /// <summary>f_e.</summary>
    public StackedDenoisingAutoencoder Network => network;

    /// <summary>The content of items [items, columns], values between 0 and 1.</summary>
    public SparseRows Content => content;

    /// <inheritdoc/>
    protected override bool HasItemBias => false;

    /// <summary>theta: the codes of clean content [items, K].</summary>
    protected float[] Codes { get; }

    /// <summary>Whether training has an interaction with an item.</summary>
    protected bool IsMet(int item) => met[item];

    /// <summary>theta_j.</summary>
    protected ReadOnlySpan<float> Code(int item) => Codes.AsSpan(item * Dimension, Dimension);

    /// <summary>The step of U and V, codes fixed.</summary>
    /// <param name="context">The epoch.</param>
    /// <param name="isFirst">Whether V has just begun at the codes.</param>
    /// <returns>The terms of the (negative) objective in U and V, the pull included.</returns>
    protected abstract double LearnFactors(EpochContext context, bool isFirst);

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        if (run.Precision is not Precision.Full)
        {
            throw new InputException($"{GetName()} computes in one precision only: leave precision at full.");
        }

        Array.Clear(met);
        foreach (var item in train.Seen.Columns)
        {
            met[item] = true;
        }

        var source = new UserRowSource(content, options.ExamplesPerUpdate, withEmpty: true);
        return new SolverTraining(context => Learn(context, source), source.BatchesAnEpoch)
        {
            Saved = optimizer.State,
            Resumed = optimizer.Restore,
            Ended = optimizer.Dispose,
        };
    }

    private double? Learn(EpochContext context, UserRowSource source)
    {
        train();
        var layer = context.Epoch < Plan.FirstMeasured ? context.Epoch / options.PretrainingEpochs : -1;
        if (layer >= 0)
        {
            RunContent(context, source, $"layer {layer + 1}", network.OfLayer(layer), batch => network.LayerLoss(layer, Rows(batch)));
            return null;
        }

        var isFirst = context.Epoch == Plan.FirstMeasured;
        var reconstruction = LearnContent(context, source, isFirst ? 0 : options.ItemWeight / options.ContentWeight);
        network.EncodeAll(content).CopyTo(Codes, 0);
        if (isFirst)
        {
            Codes.CopyTo(Items, 0);
        }

        PlaceUnmet();
        var factors = LearnFactors(context, isFirst);
        PlaceUnmet();
        return reconstruction + (factors / (options.ContentWeight * Math.Max(1, Shape.Items))) + Decay();
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State() => new Dictionary<string, Tensor>(base.State()) { ["met"] = tensor(met) };

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        base.Take(state);
        var saved = state.Floats("met", Shape.Items);
        for (var item = 0; item < met.Length; item++)
        {
            met[item] = saved[item] != 0;
        }
    }

    /// <summary>What the network minimizes on a batch, mean over its items, and the reconstruction alone.</summary>
    /// <param name="batch">Rows of content; its users are items.</param>
    /// <param name="vectors">V [items, K].</param>
    /// <param name="pull">lambda_v / lambda_n.</param>
    public (Tensor Loss, Tensor Reconstruction) ContentLoss(UserRowBatch batch, Tensor vectors, double pull)
    {
        var rows = Rows(batch);
        var codes = network.Encode(network.Corrupted(rows)); // [B, K]
        var reconstruction = network.Reconstruction(codes, rows);
        var distance = (codes - vectors.index_select(0, batch.Users)).square().sum() / batch.Count;
        return (pull > 0 ? reconstruction + (pull / 2 * distance) : reconstruction, reconstruction);
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

        return options.ItemWeight / 2 * sum;
    }

    /// <summary>lambda_u / 2 sum of |u_i|^2.</summary>
    protected double UserTerm() => options.UserWeight / 2 * Users.Sum(value => (double)value * value);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            optimizer.Dispose();
        }

        base.Dispose(disposing);
    }

    private static SparseInput Rows(UserRowBatch batch) => new(batch.Items, batch.Offsets, batch.Values);

    // The mean reconstruction of an item, by a pass that also pulls codes to item vectors.
    private double LearnContent(EpochContext context, UserRowSource source, double pull)
    {
        using var scope = NewDisposeScope();
        var device = network.parameters().First().device;
        var vectors = tensor(Items, [Shape.Items, Dimension], device: device);
        var total = zeros(1, float64, device);
        RunContent(context, source, "joint", network.parameters(), batch =>
        {
            var (loss, reconstruction) = ContentLoss(batch, vectors, pull);
            total.add_(reconstruction.detach(), batch.Count);
            return loss;
        });
        return total.item<double>() / Shape.Items;
    }

    private void RunContent(EpochContext context, UserRowSource source, string stage, IEnumerable<Parameter> trained, Func<UserRowBatch, Tensor> loss)
    {
        optimizer.Use(new OptimizerStage(stage, options.Optimizer, options.LearningRate), () =>
        {
            var parameters = new ParameterSet(this, trained);
            var made = Optimizer.Create(options.Optimizer, parameters, options.Momentum, options.WeightDecay);
            return new GradientStep(GetName(), parameters, made, options.LearningRate, options.ClipNorm);
        });
        var rates = new LearningRates(options.Schedule, options.WarmupSteps, (long)Plan.Epochs * source.BatchesAnEpoch);
        optimizer.Step!.RunEpoch(source, context, loss, step => rates.At(((long)context.Epoch * source.BatchesAnEpoch) + step), _ => { });
    }

    private double Decay()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return options.WeightDecay / 2 * network.parameters().Sum(parameter => parameter.square().sum().item<float>());
    }

    private void PlaceUnmet()
    {
        for (var item = 0; item < met.Length; item++)
        {
            if (!met[item])
            {
                Code(item).CopyTo(Item(item));
            }
        }
    }

    private void CheckRange()
    {
        foreach (var value in content.Values)
        {
            if (value is not (>= 0 and <= 1))
            {
                throw new InputException(
                    $"item-fields: {GetName()} reconstructs content between 0 and 1, and a field holds numbers below 0."
                    + " Give numbers with transform=min-max or buckets=, as in item.price(buckets=10).");
            }
        }
    }
}
