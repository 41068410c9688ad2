using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Options;

namespace Tastemaker.Models.Mlp;

/// <summary>Hyper-parameters of CML and CML+F.</summary>
public sealed record CmlOptions : GradientModelOptions
{
    /// <summary>
    /// The defaults; batches of at most 2000, such that an epoch has 20 updates. Adagrad's first steps move every coordinate by the learning rate, and a vector of the
    /// ball has coordinates of about 1 / sqrt(r): steps of 0.1 throw users with few items about, and the best epoch is then one of the first.
    /// </summary>
    public CmlOptions() => (Epochs, BatchSize, Optimizer, LearningRate) = (60, null, OptimizerKind.Adagrad, 0.03);

    /// <summary>Values r per user and item.</summary>
    [Symbol("r")]
    [Range(1, 4096)]
    [Search(16, 256, Log = true)]
    public int Dimension { get; init; } = 100;

    /// <summary>
    /// How much nearer an item of the user's must be than another one, m, in squared distances, which are 4 at most. Decisive. <value>1.9, as in the
    /// authors' later code; the paper has 0.5</value>
    /// </summary>
    [Symbol("m")]
    [Range(0.0, 4.0)]
    [Search(0.5, 2)]
    public double Margin { get; init; } = 1.9;

    /// <summary>
    /// Items U drawn for each pair that the user lacks. The nearest of them enters the loss; how many are too near tells the rank. In a small catalog the nearest of
    /// many is mostly an item that the user would like, which must not be pushed away. <value>none: one per 250 items of the catalog, from 1 to the 20 of the authors' code</value>
    /// </summary>
    [Range(1, 1000)]
    [Search(1, 20, Log = true)]
    public int? Negatives { get; init; }

    /// <summary>The options with the batch size and the number of sampled negatives that suit the data.</summary>
    internal static CmlOptions Derive(CmlOptions options, TrainingSet train) => BatchRule.Of(options, train.Interactions.Count, updates: 20, largest: 2000) with
    {
        Negatives = options.Negatives ?? Math.Clamp(train.ItemCount / 250, 1, 20),
    };

    /// <summary>Whether pairs weigh by the logarithm of their rank.</summary>
    public bool RankWeight { get; init; } = true;

    /// <summary>Weight of the covariance of dimensions, of which dimensions of little use die. <value>0, as in the authors' later code; the paper has 10</value></summary>
    [Range(0.0, 1e6)]
    public double Covariance { get; init; }

    /// <summary>
    /// Item features to learn from as well (CML+F), such as genres or tags(minimum-count=5); items without interactions are placed by them.
    /// <value>none</value>
    /// </summary>
    public IReadOnlyList<string> ItemFields { get; init; } = [];

    /// <summary>Training rows that a category of an item field must occur in to be read.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>CML+F: units of the hidden layer between features and vectors.</summary>
    [Range(1, 8192)]
    public int Hidden { get; init; } = 256;

    /// <summary>CML+F: share of hidden units dropped while training.</summary>
    [Range(0.0, 0.95)]
    [Search(0, 0.7)]
    public double Dropout { get; init; } = 0.5;

    /// <summary>CML+F: how strongly an item's vector is held to where its features put it.</summary>
    [Range(0.0, 1000.0)]
    [Search(0.01, 10, Log = true)]
    public double FeatureWeight { get; init; } = 1;

    /// <summary>
    /// CML+F: whether the feature loss of a step is over all items, as in the authors' code, and not over those of the batch. Each step then runs the
    /// network over the whole catalog.
    /// </summary>
    [AddedLater]
    public bool FeatureLossOverAll { get; init; }

    /// <summary>CML+F: learning rate of the network over features, which Adam trains.</summary>
    [Range(1e-8, 10.0)]
    [Search(1e-4, 1e-2, Log = true)]
    public double FeatureLearningRate { get; init; } = 1e-3;
}
