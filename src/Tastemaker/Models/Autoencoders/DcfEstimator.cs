namespace Tastemaker.Models.Autoencoders;

/// <summary>How the vectors of users and items are found. The two are different estimators: what pulls a vector counts once in one, and once a rating in the other.</summary>
public enum DcfEstimator
{
    /// <summary>Exact ridge regression of every vector in turn: the minimum of the objective as it is written.</summary>
    Ridge,

    /// <summary>
    /// The paper's algorithm: a step down the gradient for each rating, with the pulls of features and of regularisation in every step, so that someone
    /// with 500 ratings is pulled 500 times a sweep.
    /// </summary>
    Sgd,
}
