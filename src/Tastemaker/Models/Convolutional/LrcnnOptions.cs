using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Convolutional;

/// <summary>What <see cref="Lrcnn"/> factorizes.</summary>
public enum FactorizedFeedback
{
    /// <summary>1 for pairs with an interaction and 0 for all others, which weigh less.</summary>
    Likes,

    /// <summary>The values of interactions, less the biases of user and item; other pairs have no part.</summary>
    Ratings,
}

/// <summary>Hyper-parameters of <see cref="Lrcnn"/>. The paper's own values are not known: those of the network are the usual ones of Kim (2014).</summary>
public sealed record LrcnnOptions : TextOptions
{
    /// <summary>
    /// Adam at 0.001 with batches of at most 64 items, fewer where an epoch would have less than 50 updates. Words need three texts. Without weight decay the network memorizes the vectors of its items.
    /// </summary>
    public LrcnnOptions() => (Epochs, BatchSize, LearningRate, MinimumCount, WeightDecay) = (30, null, 1e-3, 3, 1e-3);

    /// <summary>Whether likes or ratings are factorized. <value>likes, for lists; with ratings, lists are ordered by the predicted rating</value></summary>
    public FactorizedFeedback Feedback { get; init; } = FactorizedFeedback.Likes;

    /// <summary>Whether biases of users and items are taken from the ratings first. Without them, the vectors must tell the means too.</summary>
    [OnlyWith("feedback", "ratings")]
    public bool Biases { get; init; } = true;

    /// <summary>K: values per user and item.</summary>
    [Symbol("K")]
    [Range(1, 1024)]
    [Search(16, 128, Log = true)]
    public int Dimension { get; init; } = 50;

    /// <summary>lambda_u: L1 penalty of user vectors, where an observed pair has the weight 1.</summary>
    [Symbol("lambda_u")]
    [Range(0.0, 1e6)]
    [Search(0.001, 1, Log = true)]
    public double UserPenalty { get; init; } = 0.03;

    /// <summary>lambda_v: L1 penalty of item vectors, where an observed pair has the weight 1.</summary>
    [Symbol("lambda_v")]
    [Range(0.0, 1e6)]
    [Search(0.001, 1, Log = true)]
    public double ItemPenalty { get; init; } = 0.03;

    /// <summary>Weight of every pair without an interaction. <value>none: derived from the data, so that all pairs together weigh ten times what the observed ones do</value></summary>
    [OnlyWith("feedback", "likes")]
    [Range(0.0, 1.0)]
    [Search(1e-3, 0.3, Log = true)]
    public double? UnobservedWeight { get; init; }

    /// <summary>mu: how strongly the two halves of a split vector are held together. It changes the speed, not the solution.</summary>
    [Symbol("mu")]
    [Range(1e-6, 1e6)]
    public double Coupling { get; init; } = 1;

    /// <summary>Split Bregman iterations per vector and sweep.</summary>
    [Range(1, 1000)]
    public int Iterations { get; init; } = 3;

    /// <summary>Most sweeps over users and items, before the network learns; in the first half of them the penalties grow from 0. Sweeps end when the objective changes by less than a ten-thousandth.</summary>
    [Range(1, 10_000)]
    public int Sweeps { get; init; } = 30;

    /// <summary>Words of a text at most, the first ones.</summary>
    [Range(1, 10_000)]
    public int TextWords { get; init; } = 300;

    /// <summary>Words that the filters span.</summary>
    [Range(1, 100)]
    public IReadOnlyList<int> Windows { get; init; } = [3, 4, 5];

    /// <summary>Filters of each width.</summary>
    [Range(1, 4096)]
    [Search(50, 200, Log = true)]
    public int FilterCount { get; init; } = 100;

    /// <summary>Dropout rate of the input of the last layer.</summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.7)]
    public double Dropout { get; init; } = 0.5;

    /// <summary>k0: an item with n interactions weighs n / (n + k0) in what the network learns, since vectors of few interactions are noisy; 0 for all alike. <value>0; the paper does not weigh</value></summary>
    [Range(0.0, 1e6)]
    public double ItemDoubt { get; init; }

    /// <summary>An item with n interactions is scored by (n v + k f) / (n + k), v its vector and f that of its text. <value>0: texts serve cold items alone</value></summary>
    [Range(0.0, 1e6)]
    [Search(0.0, 20)]
    public double TextShare { get; init; }
}
