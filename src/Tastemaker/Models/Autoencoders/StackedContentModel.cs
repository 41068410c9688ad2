using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>What CDL and CDR share: content as fields of items, and a stacked denoising autoencoder over it, whose layers are pre-trained one by one.</summary>
internal abstract class StackedContentModel : PulledFactorModel<UserRowBatch>
{
    private readonly ContentFactorOptions options;
    private readonly SparseRows content;
    private readonly StackedDenoisingAutoencoder network;

    /// <param name="name">Name of the module.</param>
    /// <param name="shape">Sizes of the data, with item features.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="InputException">The features are not of items, or not between 0 and 1.</exception>
    protected StackedContentModel(string name, ModelShape shape, ContentFactorOptions options)
        : base(name, shape, options)
    {
        this.options = options;
        var space = shape.Get<FittedFields>().Space;
        EntityBags.Check(space.Schema, FieldSource.Item, "item-fields");
        content = EntityBags.Of(space, FieldSource.Item, BagScale.Maximum);
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

    /// <summary>f_e.</summary>
    public StackedDenoisingAutoencoder Network => network;

    /// <summary>The content of items [items, columns], values between 0 and 1.</summary>
    public SparseRows Content => content;

    /// <inheritdoc/>
    protected override nn.Module Reader => network;

    /// <inheritdoc/>
    protected override int Stages => network.Layers;

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> OfStage(int stage) => network.OfLayer(stage);

    /// <inheritdoc/>
    protected override Tensor StageLoss(int stage, UserRowBatch batch) => network.LayerLoss(stage, Rows(batch));

    /// <inheritdoc/>
    protected override IBatchSource<UserRowBatch> Contents(TrainingOptions run) => new UserRowSource(content, options.ExamplesPerUpdate, withEmpty: true);

    /// <inheritdoc/>
    protected override float[] EncodeAll() => network.EncodeAll(content);

    /// <inheritdoc/>
    protected override (Tensor Items, Tensor Codes, Tensor Reconstruction) Denoise(UserRowBatch batch)
    {
        var rows = Rows(batch);
        var codes = network.Encode(network.Corrupted(rows)); // [B, K]
        return (batch.Users, codes, network.Reconstruction(codes, rows));
    }

    private static SparseInput Rows(UserRowBatch batch) => new(batch.Items, batch.Offsets, batch.Values);

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
