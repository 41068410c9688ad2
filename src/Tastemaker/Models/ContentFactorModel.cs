using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Baselines;
using Tastemaker.Options;
using Tastemaker.Solvers;
using Tastemaker.Training;
using Tastemaker.Training.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models;

/// <summary>
/// What the factorizations share that read the content of items: codes of content from a network that learns by gradient, and items without interactions, which lie where their content puts them. Codes for U and V come from clean content.
/// </summary>
/// <typeparam name="TBatch">Items with their content.</typeparam>
internal abstract class ContentFactorModel<TBatch> : FactorModel
    where TBatch : Batch
{
    private readonly GradientModelOptions options;
    private readonly StagedOptimizer optimizer = new();
    private readonly bool[] met;

    /// <summary>A model with initial vectors; the network is made and registered by the system.</summary>
    /// <param name="name">Name of the module.</param>
    /// <param name="shape">Sizes of the data, with the content of items.</param>
    /// <param name="options">The options; optimizer, learning rate, weight decay and batches are those of the network.</param>
    /// <param name="dimension">K: length of a vector and of a code.</param>
    protected ContentFactorModel(string name, ModelShape shape, GradientModelOptions options, int dimension)
        : base(name, shape, options, dimension, 0.1)
    {
        this.options = options;
        (Codes, met) = (new float[shape.Items * dimension], new bool[shape.Items]);
    }

    /// <inheritdoc/>
    protected override bool HasItemBias => false;

    /// <summary>theta: the codes of clean content [items, K].</summary>
    protected float[] Codes { get; }

    /// <summary>Whether training has an interaction with an item.</summary>
    protected bool IsMet(int item) => met[item];

    /// <summary>The vectors of the items that training has an interaction with [met items, K].</summary>
    protected float[] MetItems() => [.. Enumerable.Range(0, Shape.Items).Where(IsMet).SelectMany(item => Item(item).ToArray())];

    /// <summary>theta_j.</summary>
    protected ReadOnlySpan<float> Code(int item) => Codes.AsSpan(item * Dimension, Dimension);

    /// <summary>The network.</summary>
    protected abstract nn.Module Reader { get; }

    /// <summary>The items that the network learns from.</summary>
    /// <param name="run">Tells the seed.</param>
    protected abstract IBatchSource<TBatch> Contents(TrainingOptions run);

    /// <summary>The codes of all items, from clean content.</summary>
    protected abstract float[] EncodeAll();

    /// <summary>An epoch.</summary>
    /// <param name="context">The epoch.</param>
    /// <param name="source">What <see cref="Contents"/> gave.</param>
    protected abstract double? Learn(EpochContext context, IBatchSource<TBatch> source);

    /// <summary>What resuming needs beside the state of the model and of the optimizer.</summary>
    protected virtual Dictionary<string, Tensor> Progress() => [];

    /// <summary>Takes over what <see cref="Progress"/> gave.</summary>
    protected virtual void TakeProgress(IReadOnlyDictionary<string, Tensor> state)
    {
    }

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run)
    {
        if (run.Precision is not Precision.Full)
        {
            throw new InputException($"{GetName()} computes in one precision only: leave precision at full.");
        }

        Array.Clear(met);
        foreach (var item in train.Seen.Columns)
        {
            met[item] = true;
        }

        var source = Contents(run);
        return new SolverTraining(context => Run(context, source), source.BatchesAnEpoch)
        {
            Saved = () => new Dictionary<string, Tensor>(optimizer.State().Concat(Progress())),
            Resumed = state =>
            {
                optimizer.Restore(state);
                TakeProgress(state);
            },
            Ended = optimizer.Dispose,
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State() => new Dictionary<string, Tensor>(base.State()) { ["met"] = tensor(met) };

    /// <inheritdoc/>
    protected override void Take(IReadOnlyDictionary<string, Tensor> state)
    {
        base.Take(state);
        var saved = state.Floats("met", Shape.Items);
        for (var item = 0; item < met.Length; item++)
        {
            met[item] = saved[item] != 0;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            optimizer.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>An epoch of the network, or of a part of it.</summary>
    /// <param name="context">The epoch.</param>
    /// <param name="source">The items.</param>
    /// <param name="stage">Names the optimizer, which each stage has of its own.</param>
    /// <param name="trained">What learns.</param>
    /// <param name="loss">The loss of a batch, mean over its items.</param>
    /// <returns>The mean loss.</returns>
    protected double RunContent(EpochContext context, IBatchSource<TBatch> source, string stage, IEnumerable<Parameter> trained, Func<TBatch, Tensor> loss)
    {
        optimizer.Use(new OptimizerStage(stage, options.Optimizer, options.LearningRate), () =>
        {
            var parameters = new ParameterSet(this, trained);
            var made = Optimizer.Create(options.Optimizer, parameters, options.Momentum, options.WeightDecay);
            return new GradientStep(GetName(), parameters, made, options.LearningRate, options.ClipNorm);
        });
        var rates = new LearningRates(options.Schedule, options.WarmupSteps, (long)Plan.Epochs * source.BatchesAnEpoch);
        return optimizer.Step!.RunEpoch(source, context, loss, step => rates.At(((long)context.Epoch * source.BatchesAnEpoch) + step), _ => { });
    }

    /// <summary>V [items, K] as a tensor beside the network.</summary>
    protected Tensor ItemsBesideReader() => tensor(Items, [Shape.Items, Dimension], device: Reader.parameters().First().device);

    /// <summary>Encodes all items, and puts those without interactions at their codes.</summary>
    protected void Encode()
    {
        EncodeAll().CopyTo(Codes, 0);
        PlaceUnmet();
    }

    /// <summary>Puts items without interactions at their codes.</summary>
    protected void PlaceUnmet()
    {
        for (var item = 0; item < met.Length; item++)
        {
            if (!met[item])
            {
                Code(item).CopyTo(Item(item));
            }
        }
    }

    private double? Run(EpochContext context, IBatchSource<TBatch> source)
    {
        train();
        return Learn(context, source);
    }
}
