namespace Tastemaker.Options;

/// <summary>Optimizers of systems trained by gradient descent.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent, with classical momentum if set.</summary>
    Sgd,

    /// <summary>Adagrad (Duchi 2011): accumulator from 0, epsilon 1e-6 inside the root, with classical momentum if set.</summary>
    Adagrad,

    /// <summary>Adam (Kingma and Ba 2015), weight decay in the gradient.</summary>
    Adam,

    /// <summary>AdamW (Loshchilov and Hutter 2019), weight decay decoupled.</summary>
    AdamW,

    /// <summary>Adagrad with one accumulator a row of each embedding table, which is always updated by row; for huge tables.</summary>
    RowWiseAdagrad,
}
