using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Autoencoders;

/// <summary>
/// Hyper-parameters of AutoRec. The paper trains the whole matrix as one batch by resilient propagation; here Adam on minibatches, which reaches the
/// same error sooner.
/// </summary>
public sealed record AutoRecOptions : GradientModelOptions
{
    /// <summary>The defaults.</summary>
    public AutoRecOptions() => (Epochs, BatchSize, LearningRate) = (100, 128, 1e-3);

    /// <summary>Widths of the hidden layers; [500, 250, 500] is the paper's deep variant, here without its pre-training. <value>[500]</value></summary>
    [Range(1, 65_536)]
    [SearchChoices("100", "250", "500")]
    public IReadOnlyList<int> Hidden { get; init; } = [500];

    /// <summary>g: applied in hidden layers.</summary>
    [Symbol("g")]
    public Activation Activation { get; init; } = Activation.Logistic;

    /// <summary>f: applied to outputs; where it is bounded, its range is stretched over the rating scale.</summary>
    [Symbol("f")]
    public Activation OutputActivation { get; init; } = Activation.Identity;

    /// <summary>
    /// lambda: the sum of squared errors over all ratings has lambda / 2 times the squares of all weight matrices added (biases are free). Of a batch
    /// it counts in proportion to the batch's rows.
    /// </summary>
    [Symbol("lambda")]
    [Range(0.0, 1e6)]
    [Search(1.0, 1000.0, Log = true)]
    public double Regularization { get; init; } = 200;

    /// <summary>How the outputs of observed ratings are computed; a matter of time only.</summary>
    public ObservedOutput ObservedOutput { get; init; } = ObservedOutput.Auto;

    /// <summary>Standard deviation of initial weights, which are normal. <value>0.03</value></summary>
    [Range(0.0, 1.0)]
    public double InitialDeviation { get; init; } = 0.03;
}

/// <summary>
/// An autoencoder of rows of ratings (Sedhain et al. 2015): h(r) = f(W g(V r + mu) + b), where unobserved entries of r are 0 and the squared error
/// counts observed entries only. The loss is the mean over rows, plus lambda / 2n times the squares of weights with n the number of rows: the
/// paper's sum over all rows, divided by n.
/// </summary>
internal sealed class AutoRec : RatingAutoencoder
{
    private readonly AutoRecOptions options;
    private readonly Func<Tensor, Tensor> activation;
    private readonly SparseTower encoder;
    private readonly Dense decoder;

    public AutoRec(AutoRecOptions options, ModelShape shape, RatingSide side)
        : base(nameof(AutoRec), shape, options, side)
    {
        this.options = options;
        activation = Activations.Of(options.OutputActivation);
        var weights = Initializers.Normal(options.InitialDeviation);
        encoder = new SparseTower(ColumnCount, options.Hidden, Activations.Of(options.Activation), activatesLast: true, weights, Initializers.Zeros);
        decoder = new Dense(options.Hidden[^1], ColumnCount, weights);
        RegisterComponents();
    }

    /// <summary>The catalog entry of the item model.</summary>
    public static SystemInfo OfItems { get; } = Entry(RatingSide.Items);

    /// <summary>The catalog entry of the user model.</summary>
    public static SystemInfo OfUsers { get; } = Entry(RatingSide.Users);

    /// <summary>
    /// Output biases begin at the mean rating of their columns: from 0, the first steps, all in one direction, would drive the hidden units to their
    /// ends, where they hardly learn.
    /// </summary>
    public override GradientTraining<UserRowBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var training = base.Begin(train, run);
        if (options.OutputActivation is Activation.Identity)
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            decoder.Bias.copy_(tensor(ColumnMeans()));
        }

        return training;
    }

    /// <inheritdoc/>
    protected override (Tensor Weight, Tensor Bias) Output => (decoder.Weight, decoder.Bias);

    /// <inheritdoc/>
    public override Tensor Loss(UserRowBatch batch)
    {
        var rows = RatingTensors.Of(batch);
        var predicted = Link(ObservedProducts.Of(Encode(rows), decoder.Weight, decoder.Bias, rows.Columns, rows.Offsets, 1, options.ObservedOutput)); // [nnz]
        var error = (predicted - rows.Values).square().sum() / batch.Count;
        if (options.Regularization == 0)
        {
            return error;
        }

        var squares = encoder.Weights.Append(decoder.Weight).Select(weight => weight.square().sum()).Aggregate((sum, next) => sum + next);
        return error + (options.Regularization / 2 / Math.Max(batch.Count, RatedRowCount) * squares);
    }

    /// <inheritdoc/>
    protected override Tensor Encode(RatingTensors rows) => encoder.Forward(rows.Columns, rows.Offsets, rows.Values);

    /// <inheritdoc/>
    protected override Tensor Link(Tensor outputs)
    {
        var activated = activation(outputs.squeeze(-1));
        var (low, high) = (Shape.MinimumValue, Shape.MaximumValue);
        return options.OutputActivation switch
        {
            Activation.Logistic => low + ((high - low) * activated),
            Activation.Tanh => low + ((high - low) / 2 * (activated + 1)),
            _ => activated,
        };
    }

    private static GraphValue Export(GraphSource source, RatingSide side)
    {
        var options = source.Options<AutoRecOptions>();
        return new RatingGraph(source)
        {
            Code = graph =>
            {
                GraphValue Activated(GraphValue x) => Export(options.Activation, x);
                var x = source.Requests.Latest().MatMul(graph.OfRated("encoder.first.rows.weight", 1)) + source.Constant("encoder.first.bias");
                return source.Tower(Activated(x), "encoder.rest", Activated, activatesLast: true);
            },
            Weights = "decoder.weight",
            Biases = "decoder.bias",
            Link = outputs => ExportLink(source, options.OutputActivation, outputs.Squeeze(2)),
        }.Scores(side);
    }

    private static GraphValue ExportLink(GraphSource source, Activation activation, GraphValue outputs)
    {
        var (low, high) = (source.Model.Shape.MinimumValue, source.Model.Shape.MaximumValue);
        var x = Export(activation, outputs);
        return activation switch
        {
            Activation.Logistic => source.Graph.Scalar(low) + (source.Graph.Scalar(high - low) * x),
            Activation.Tanh => source.Graph.Scalar(low) + (source.Graph.Scalar((high - low) / 2) * (x + source.Graph.Scalar(1f))),
            _ => x,
        };
    }

    private static GraphValue Export(Activation activation, GraphValue x) => activation switch
    {
        Activation.Logistic => x.Sigmoid(),
        Activation.Tanh => x.Tanh(),
        Activation.Relu => x.Relu(),
        _ => x,
    };

    private static SystemInfo Entry(RatingSide side) => Entry<AutoRecOptions>(
        side,
        "autorec",
        "AutoRec",
        "Autoencoders",
        "Rating prediction by an autoencoder whose error counts observed ratings only.",
        "Sedhain, Menon, Sanner, Xie: AutoRec: Autoencoders Meet Collaborative Filtering. WWW 2015 Companion.",
        RatingValues.Required,
        (options, shape, side) => new AutoRec(options, shape, side),
        Export);
}
