using Tastemaker.Data;
using Tastemaker.Native;
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

/// <summary>
/// What Multi-DAE and Multi-VAE (Liang et al. 2018) share: rows of clicks through an encoder and its mirror image, under a multinomial likelihood
/// that is summed over items and averaged over users. Weights begin Glorot uniform, biases truncated normal with deviation 0.001 (official code).
/// </summary>
internal abstract class MultinomialAutoencoder : GradientModel<UserRowBatch>, IPartialScorer, IVectorModel
{
    private readonly GradientModelOptions options;
    private readonly CatalogLayer catalog;
    private readonly int code;
    private readonly bool activatesCode;
    private Lazy<HiddenLayers> hidden;

    /// <param name="name">Name of the module.</param>
    /// <param name="shape">Sizes of the data.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="hidden">Widths between input and code; the decoder mirrors them. tanh follows each.</param>
    /// <param name="encoded">Width of what the encoder gives.</param>
    /// <param name="activatesCode">Whether tanh follows that too.</param>
    /// <param name="code">Width K of what the decoder takes.</param>
    protected MultinomialAutoencoder(
        string name, ModelShape shape, GradientModelOptions options, IReadOnlyList<int> hidden, int encoded, bool activatesCode, int code)
        : base(name, shape, options)
    {
        (this.options, this.code, this.activatesCode) = (options, code, activatesCode);
        var biases = Initializers.TruncatedNormal(0.001);
        Encoder = new SparseTower(shape.Items, [.. hidden, encoded], x => x.tanh(), activatesCode, Initializers.GlorotUniform, biases);
        Decoder = new Tower(code, [.. hidden.Reverse(), shape.Items], x => x.tanh(), false, Initializers.GlorotUniform, biases);

        // By name, because what is in a base class is not found among the fields; saved models know the two by these names.
        register_module("encoder", Encoder);
        register_module("decoder", Decoder);
        catalog = new CatalogLayer(() => Decoder.Layers[^1].Weight, () => Decoder.Layers[^1].Bias);
        this.hidden = new(Hidden);
    }

    /// <summary>From clicks [B, items] to what the encoder gives.</summary>
    protected SparseTower Encoder { get; }

    /// <summary>From codes [B, K] to logits [B, items].</summary>
    protected Tower Decoder { get; }

    /// <summary>The codes [B, K] that rows are scored by.</summary>
    protected abstract Tensor Code(ClickRows rows);

    /// <summary>An entry for the catalog.</summary>
    protected static SystemInfo Entry<TOptions>(string id, string name, string summary, Func<TOptions, ModelShape, Model> create)
        where TOptions : GradientModelOptions, new() => new SystemInfo<TOptions>(create)
    {
        Id = id,
        Name = name,
        Family = "Autoencoders",
        Summary = summary,
        Paper = "Liang, Krishnan, Hoffman, Jebara: Variational Autoencoders for Collaborative Filtering. WWW 2018.",
        Answers = Answers.Everyone,
        Derive = (options, train) => BatchRule.Of(options, train.Seen, updates: 20, largest: 500),
    };

    /// <inheritdoc/>
    protected sealed override IBatchSource<UserRowBatch> Batches(TrainingSet train) => new UserRowSource(train.Seen, options.ExamplesPerUpdate);

    /// <inheritdoc/>
    protected sealed override Tensor Score(RequestBatch requests) =>
        Decoder.forward(Code(ClickRows.Of(requests, Decoder.Layers[0].Weight.device))); // [B, items]

    /// <inheritdoc/>
    public IPartialScores? Begin(RequestBatch requests) =>
        Decoder.Layers[^1].Weight.device_type == DeviceType.CPU ? catalog.Begin(hidden.Value.Of(requests)) : null;

    /// <summary>Width of the decoder's last hidden layer, and one for the items' biases.</summary>
    public int VectorLength => (int)Decoder.Layers[^1].Weight.shape[1] + 1;

    /// <inheritdoc/>
    public void WriteItemVectors(int first, Span<float> vectors) =>
        CatalogLayer.Write(Decoder.Layers[^1].Weight, Decoder.Layers[^1].Bias, first, vectors);

    /// <inheritdoc/>
    public void WriteRequestVectors(RequestBatch requests, Span<float> vectors, Span<float> constants)
    {
        var last = Decoder.Layers[^1].Weight.device_type == DeviceType.CPU
            ? hidden.Value.Of(requests)
            : Decoder.BeforeLast(Code(ClickRows.Of(requests, Decoder.Layers[0].Weight.device))).ToValues<float>();
        CatalogLayer.WriteWithOnes(last, VectorLength - 1, vectors);
        constants.Clear();
    }

    /// <summary>Also forgets what scoring has prepared: weights may change, or have changed, in training.</summary>
    public override void train(bool on = true)
    {
        base.train(on);
        catalog.Forget();
        hidden = new(Hidden);
    }

    /// <summary>What the encoder gives for rows.</summary>
    protected Tensor Encode(ClickRows rows) => Encoder.Forward(rows.Items, rows.Offsets, rows.Values);

    /// <summary>Minus the log likelihood of whole clean rows under codes [B, K]: a scalar.</summary>
    protected Tensor Reconstruction(Tensor code, UserRowBatch batch) =>
        MultinomialOutput.Loss(Decoder.BeforeLast(code), Decoder.Layers[^1], batch.Items, batch.Offsets);

    private HiddenLayers Hidden() => HiddenLayers.Of(Encoder, keep: code, activatesLast: activatesCode, Decoder);
}
