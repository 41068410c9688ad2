using System.ComponentModel.DataAnnotations;
using Tastemaker.Features;
using Tastemaker.Options;

namespace Tastemaker.Models.Autoencoders;

/// <summary>
/// Hyper-parameters of systems that factorize interactions and draw item vectors to the codes of an autoencoder over item content. Optimizer, learning rate,
/// weight decay and batches are those of the autoencoder. <see cref="GradientModelOptions.Epochs"/> are joint ones; pre-training comes before them.
/// </summary>
public abstract record ContentFactorOptions : GradientModelOptions, IPulledFactorOptions
{
    /// <summary>The official code's batch and weight decay of CDL.</summary>
    protected ContentFactorOptions() => (BatchSize, Epochs, WeightDecay) = (128, 30, 1e-4);

    /// <summary>
    /// Item features that make up an item's content, such as tags(minimum-count=5); a row is divided by its largest value.
    /// <value>all item features that are no text</value>
    /// </summary>
    public IReadOnlyList<string> ItemFields { get; init; } = [];

    /// <summary>Training rows that a category must occur in to be read. <value>0: all that the catalog has, met or not</value></summary>
    [Range(0, 1_000_000)]
    public int MinimumCount { get; init; }

    /// <summary>Values K per user and item: width of the autoencoder's code. <value>50</value></summary>
    [Range(1, 4096)]
    [Search(16, 256, Log = true)]
    public int Dimension { get; init; } = 50;

    /// <summary>Widths of the layers between content and code; the decoder mirrors them. <value>200: the paper's 2-layer model</value></summary>
    [Range(1, 65_536)]
    [SearchChoices("[]", "[200]", "[200, 200]")]
    public IReadOnlyList<int> Hidden { get; init; } = [200];

    /// <summary>Probability that an entry of a row is masked before it is encoded in training. <value>0.3</value></summary>
    [Range(0.0, 0.95)]
    public double Noise { get; init; } = 0.3;

    /// <summary>Share of hidden units dropped in training, where there are hidden layers beside the code. <value>0.1</value></summary>
    [Range(0.0, 0.95)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>Whether the decoder has the encoder's weights, transposed, and its hidden biases. <value>true, as the official code; the paper does not say</value></summary>
    public bool Tied { get; init; } = true;

    /// <summary>What reconstruction is measured by. <value>cross-entropy, as the official code; the paper writes the squared error</value></summary>
    public ReconstructionLoss Reconstruction { get; init; } = ReconstructionLoss.CrossEntropy;

    /// <summary>Epochs of each layer as a denoising autoencoder by itself, before all is trained jointly for the epochs of epochs. 0 to begin from random weights.</summary>
    [Range(0, 10_000)]
    public int PretrainingEpochs { get; init; } = 5;

    /// <summary>lambda_u: how strongly user vectors are held to 0.</summary>
    [Symbol("lambda_u")]
    [Range(0.0, 1e6)]
    [Search(1e-3, 10, Log = true)]
    public double UserWeight { get; init; } = 0.1;

    /// <summary>
    /// lambda_v: how strongly item vectors are held to their codes, and codes to their vectors. <value>0.3, chosen on CiteULike-t; the paper searches anew on
    /// each set of data and has 10 to 100</value>
    /// </summary>
    [Symbol("lambda_v")]
    [Range(0.0, 1e6)]
    [Search(0.03, 300, Log = true)]
    public double ItemWeight { get; init; } = 0.3;

    /// <summary>
    /// lambda_n: how much reconstruction weighs. What counts is lambda_n / lambda_v: towards 0 the network only predicts item vectors and overfits, towards
    /// infinity content is learned without a look at the interactions.
    /// <value>1, chosen on CiteULike-t; the official code has 1000 to 10000</value>
    /// </summary>
    [Symbol("lambda_n")]
    [Range(1e-6, 1e12)]
    [Search(0.01, 1e4, Log = true)]
    public double ContentWeight { get; init; } = 1;
}
