using System.ComponentModel.DataAnnotations;

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

    /// <summary>AdaDelta (Zeiler 2012): steps of the scale of the parameters; its learning rate is usually 1.</summary>
    AdaDelta,

    /// <summary>RMSprop (Tieleman and Hinton 2012): the gradient over the root of its mean square, rho .9, without momentum.</summary>
    RmsProp,
}

/// <summary>How the learning rate changes over a run, after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>It does not.</summary>
    Constant,

    /// <summary>Falls in a line to 0 at the last step.</summary>
    Linear,

    /// <summary>Falls along half a cosine to 0 at the last step.</summary>
    Cosine,

    /// <summary>Falls by the same factor at each step, to a hundredth at the last one.</summary>
    Exponential,
}

/// <summary>The hyper-parameters that every system trained by gradient descent has.</summary>
public abstract record GradientModelOptions : ModelOptions
{
    /// <summary>Most passes over the training data; early stopping may end sooner.</summary>
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 20;

    /// <summary>Examples per update; none where the system derives it from the number of examples, so that an epoch has enough updates.</summary>
    [Range(1, 1 << 20)]
    public int? BatchSize { get; init; } = 256;

    /// <summary>The optimizer.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>Learning rate.</summary>
    [Range(1e-8, 10.0)]
    [Search(1e-4, 1e-1, Log = true)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Momentum of SGD and Adagrad; 0 for none.</summary>
    [Range(0.0, 0.999)]
    public double Momentum { get; init; }

    /// <summary>Weight decay: an L2 term in the gradient of every parameter (decoupled for AdamW).</summary>
    [Range(0.0, 10.0)]
    public double WeightDecay { get; init; }

    /// <summary>Largest norm of the whole gradient; 0 for no clipping.</summary>
    [Range(0.0, 1e6)]
    public double ClipNorm { get; init; }

    /// <summary>How the learning rate changes over the run.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Steps over which the learning rate first rises from 0.</summary>
    [Range(0, 1_000_000)]
    public int WarmupSteps { get; init; }

    /// <summary>The batch size of a model that is trained.</summary>
    /// <exception cref="InvalidOperationException">It was left to the data and has not been derived (<see cref="Systems.SystemInfo.Resolve"/>).</exception>
    internal int ExamplesPerUpdate => BatchSize ?? throw new InvalidOperationException("The batch size has not been derived from the data.");
}
