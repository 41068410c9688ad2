using System.ComponentModel.DataAnnotations;
using Tastemaker.Options;

namespace Tastemaker.Models.Autoencoders;

/// <summary>How the vectors of users and items are found. The two are different estimators: what pulls a vector counts once in one, and once a rating in the other.</summary>
public enum DcfEstimator
{
    /// <summary>Exact ridge regression of every vector in turn: the minimum of the objective as it is written.</summary>
    Ridge,

    /// <summary>
    /// The paper's algorithm: a step down the gradient for each rating, with the pulls of features and of regularization in every step, so that someone
    /// with 500 ratings is pulled 500 times a sweep.
    /// </summary>
    Sgd,
}

/// <summary>Hyper-parameters of <see cref="Dcf"/>.</summary>
public sealed record DcfOptions : ModelOptions
{
    /// <summary>Length d of a vector.</summary>
    [Range(1, 1024)]
    [Search(5, 100, Log = true)]
    public int Dimension { get; init; } = 10;

    /// <summary>Most sweeps over features, users and items; early stopping on the validation part may end sooner.</summary>
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 30;

    /// <summary>alpha: weight of a squared error of a rating.</summary>
    [Symbol("alpha")]
    [Range(1e-6, 1e3)]
    public double RatingWeight { get; init; } = 0.7;

    /// <summary>lambda: weight of the squared distance between the projection of a vector and the reconstruction of its features. 0 is matrix factorization.</summary>
    [Symbol("lambda")]
    [Range(0.0, 1e6)]
    [Search(1e-3, 10, Log = true)]
    public double FeatureWeight { get; init; } = 0.2;

    /// <summary>beta: weight of squared vectors.</summary>
    [Symbol("beta")]
    [Range(0.0, 1e6)]
    [Search(1e-3, 1, Log = true)]
    public double Regularization { get; init; } = 0.004;

    /// <summary>How features' pull and regularization of a vector with n ratings grow: by n^exponent. <value>0, as the objective is written; 1 is nearest to the paper's algorithm</value></summary>
    [Range(0.0, 1.0)]
    public double FrequencyExponent { get; init; }

    /// <summary>rho: share of features set to 0 in the copies that are reconstructed, infinitely many of them.</summary>
    [Range(0.0, 0.99)]
    [Search(0.1, 0.9)]
    public double Noise { get; init; } = 0.4;

    /// <summary>
    /// Whether each side has one more feature that is always 1 and never set to 0: vectors are then pulled to one they have in common where features say nothing,
    /// rather than to 0.
    /// </summary>
    public bool ConstantFeature { get; init; } = true;

    /// <summary>
    /// Layers of the autoencoder, an odd number. With more than one (mSDA-CF) those below the middle are trained first, each on tanh of the one before, and the
    /// middle one is tied to the vectors; those above the middle have no effect on them and are not trained.
    /// </summary>
    [Range(1, 15)]
    public int Layers { get; init; } = 1;

    /// <summary>How vectors are found.</summary>
    public DcfEstimator Estimator { get; init; }

    /// <summary>eta: learning rate of estimator=sgd.</summary>
    [Symbol("eta")]
    [Range(1e-8, 10.0)]
    [Search(1e-4, 1e-1, Log = true)]
    [OnlyWith("estimator", "sgd")]
    public double LearningRate { get; init; } = 0.002;

    /// <summary>Standard deviation of initial vectors.</summary>
    [Range(1e-6, 10.0)]
    public double InitialDeviation { get; init; } = 0.1;

    /// <summary>
    /// Data without values only: weight of every pair beside the observed ones, which are 1, in observed ones. Ours, as in iALS, so that clicks can be ranked;
    /// the paper does not say how its clicks were weighted.
    /// </summary>
    [Range(0.0, 1e3)]
    [Search(1e-3, 1, Log = true)]
    public double UnobservedWeight { get; init; } = 0.01;

    /// <summary>
    /// The user features that are read, such as "age(buckets=5)" or gender.
    /// <value>all columns of users that are no text, sets with pool=sum</value>
    /// </summary>
    public IReadOnlyList<string> UserFields { get; init; } = [];

    /// <summary>
    /// The item features that are read, such as "genres(pool=sum)".
    /// <value>all columns of items that are no text, sets with pool=sum</value>
    /// </summary>
    public IReadOnlyList<string> ItemFields { get; init; } = [];

    /// <summary>Training rows that a category must occur in to be read.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;
}
