using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Training;

namespace Tastemaker.Models.Baselines;

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
