using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>
/// What Multi-DAE and Multi-VAE (Liang et al. 2018) share: rows of clicks through an encoder and its mirror image, under a multinomial likelihood
/// that is summed over items and averaged over users. Weights begin Glorot uniform, biases truncated normal with deviation 0.001 (official code).
/// </summary>
internal abstract class MultinomialAutoencoder : Model
{
    private readonly GradientModelOptions options;
    private readonly int code;
    private readonly bool activatesCode;
    private HiddenLayers? layers;

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
        var last = Decoder.Layers[^1];
        Scorer = new InnerProduct((int)last.Weight.shape[1], hasBiases: true, requests => new Queries(layers!.Of(requests)), () => ItemTable.Of(last.Weight, last.Bias));
    }

    /// <inheritdoc/>
    public sealed override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public sealed override Scorer Scorer { get; }

    /// <summary>From clicks [B, items] to what the encoder gives.</summary>
    protected SparseTower Encoder { get; }

    /// <summary>From codes [B, K] to logits [B, items].</summary>
    protected Tower Decoder { get; }

    /// <summary>The codes [B, K] that rows are scored by.</summary>
    protected abstract Tensor Code(NormalizedClicks rows);

    /// <summary>An entry for the catalog.</summary>
    protected static SystemInfo Entry<TOptions>(string id, string name, string summary, Func<TOptions, ModelShape, Model> create, Func<GraphSource, GraphValue> export)
        where TOptions : GradientModelOptions, new() => new SystemInfo<TOptions>(create)
    {
        Id = id,
        Name = name,
        Family = "Autoencoders",
        Summary = summary,
        Paper = "Liang, Krishnan, Hoffman, Jebara: Variational Autoencoders for Collaborative Filtering. WWW 2018.",
        Answers = Capabilities.Everyone,
        ScoresByInnerProduct = true,
        Graph = new(export, ReadsHistories: true),
        Derive = (options, train) => BatchRule.Of(options, train.Seen, updates: 20, largest: 500),
    };

    /// <summary>What the encoder gives, in a graph: clicks divided by their L2 norm through its layers.</summary>
    protected static GraphValue ExportEncoder(GraphSource source, bool activatesLast)
    {
        var chosen = source.Requests.Chosen();
        var rows = chosen / chosen.Sum(1, keep: true).Max(source.Graph.Scalar(1f)).Sqrt();
        var x = rows.MatMul(source.Constant("encoder.first.rows.weight")) + source.Constant("encoder.first.bias");
        x = activatesLast || source.Has("encoder.rest.layers.0.weight") ? x.Tanh() : x;
        return source.Tower(x, "encoder.rest", x => x.Tanh(), activatesLast);
    }

    /// <summary>The scores of codes, in a graph.</summary>
    protected static GraphValue ExportDecoder(GraphSource source, GraphValue codes) => source.Tower(codes, "decoder", x => x.Tanh(), activatesLast: false);

    /// <inheritdoc/>
    public override GradientTraining<UserRowBatch> Begin(TrainingSet train, TrainingOptions run) =>
        new(this, options, run, new UserRowSource(train.Seen, options.ExamplesPerUpdate), Loss);

    /// <summary>The loss of a batch of users.</summary>
    public abstract Tensor Loss(UserRowBatch batch);

    /// <inheritdoc/>
    protected override void Prepare() => layers = HiddenLayers.Of(Encoder, keep: code, activatesLast: activatesCode, Decoder);

    /// <summary>What the encoder gives for rows.</summary>
    protected Tensor Encode(NormalizedClicks rows) => Encoder.Forward(rows.Items, rows.Offsets, rows.Values);

    /// <summary>Minus the log likelihood of whole clean rows under codes [B, K]: a scalar.</summary>
    protected Tensor Reconstruction(Tensor code, UserRowBatch batch) =>
        MultinomialOutput.Loss(Decoder.BeforeLast(code), Decoder.Layers[^1], batch.Items, batch.Offsets);
}
