using System.ComponentModel.DataAnnotations;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Training;

namespace Tastemaker.Models.Baselines;

/// <summary>The hyper-parameters of factorizations learned by stochastic gradient descent, one example at a time.</summary>
public abstract record SgdFactorOptions : ModelOptions
{
    /// <summary>Length of a vector.</summary>
    [Range(1, 4096)]
    [Search(16, 256, Log = true)]
    public int Dimension { get; init; } = 32;

    /// <summary>Most passes over the training data; early stopping may end sooner.</summary>
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 20;

    /// <summary>Learning rate.</summary>
    [Range(1e-8, 10.0)]
    [Search(1e-3, 1e-1, Log = true)]
    public double LearningRate { get; init; } = 0.01;

    /// <summary>L2 penalty of every number an example touches, each time it is touched: frequent users and items are penalised more.</summary>
    [Symbol("lambda")]
    [Range(0.0, 10.0)]
    [Search(1e-3, 1e-1, Log = true)]
    public double Regularization { get; init; } = 0.01;

    /// <summary>Standard deviation of initial vectors.</summary>
    [Range(0.0, 10.0)]
    public double InitialDeviation { get; init; } = 0.1;
}

/// <summary>What the factorizations share that learn by stochastic gradient descent, example by example: the learning rate, the decay, and the cycle of an epoch.</summary>
/// <param name="name">Name of the module.</param>
/// <param name="shape">Sizes of the data.</param>
/// <param name="options">Its hyper-parameters.</param>
internal abstract class SgdFactorModel(string name, ModelShape shape, SgdFactorOptions options)
    : FactorModel(name, shape, options, options.Dimension, options.InitialDeviation)
{
    /// <inheritdoc/>
    public sealed override EpochPlan Plan => new(options.Epochs);

    /// <summary>The learning rate.</summary>
    protected float Step { get; } = (float)options.LearningRate;

    /// <summary>What a step leaves of a vector: 1 - learning rate x regularization.</summary>
    protected float Keep { get; } = (float)(1 - (options.LearningRate * options.Regularization));

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        var (count, epoch) = Examples(train);
        return new SolverTraining(context => ExampleLoop.Run(context, count, epoch(context.Random())), ExampleLoop.Steps(count));
    }

    /// <summary>The examples of an epoch: how many, and for the random stream of an epoch what learns from one (from 0) and returns its loss before the update.</summary>
    protected abstract (int Count, Func<SeededRandom, Func<int, double>> Epoch) Examples(TrainingSet train);
}
