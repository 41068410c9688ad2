using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Options;
using Tastemaker.Training.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>Training by gradient descent on batches. Optional members serve training in stages, constraints on weights and optimizers of several parts.</summary>
/// <typeparam name="TBatch">What a step learns from.</typeparam>
public sealed class GradientTraining<TBatch> : ITraining
    where TBatch : Batch
{
    private readonly Model model;
    private readonly GradientModelOptions options;
    private readonly Func<TBatch, Tensor> loss;
    private readonly StagedOptimizer optimizer = new();

    /// <summary>Makes the weights ready and takes the batches.</summary>
    /// <param name="model">The model that learns.</param>
    /// <param name="options">Optimizer, learning rate, schedule.</param>
    /// <param name="run">Precision and row-sparse updates.</param>
    /// <param name="source">The batches.</param>
    /// <param name="loss">The loss of a batch, a scalar: what is minimized.</param>
    public GradientTraining(Model model, GradientModelOptions options, TrainingOptions run, IBatchSource<TBatch> source, Func<TBatch, Tensor> loss)
    {
        (this.model, this.options, this.loss, Source) = (model, options, loss, source);
        TrainableWeights.MakeReady(model, options.Optimizer, run);
    }

    /// <summary>The loss of a batch.</summary>
    public Func<TBatch, Tensor> Loss => loss;

    /// <summary>The batches of the running stage.</summary>
    public IBatchSource<TBatch> Source { get; private set; }

    /// <inheritdoc/>
    public int StepsPerEpoch => Source.BatchesAnEpoch;

    /// <inheritdoc/>
    public int? UpdatesPerEpoch => Source.BatchesAnEpoch;

    /// <summary>The parameters that training changes, asked for whenever an optimizer is made; null for all.</summary>
    public Func<IEnumerable<Parameter>>? Trainable { get; init; }

    /// <summary>The optimizer of <see cref="Trainable"/> for a kind and a weight decay; null for that of the kind. Systems whose parts learn by different rules join several.</summary>
    internal Func<OptimizerKind, ParameterSet, double, IOptimizer>? MakeOptimizer { get; init; }

    /// <summary>The stage that an epoch (from 0) belongs to; null for one stage by the options. Asked before each epoch, also the first after resuming.</summary>
    public Func<int, GradientStage<TBatch>>? StageOf { get; init; }

    /// <summary>Called before each epoch with its number (from 0) and a random stream for it, apart from that of its batches.</summary>
    public Action<int, SeededRandom>? EpochStarting { get; set; }

    /// <summary>Called after each update with the step of the epoch (from 1), under no_grad: projections of weights, counters.</summary>
    public Action<int>? StepDone { get; set; }

    /// <summary>See <see cref="ITraining.NoteOn"/>.</summary>
    public Func<RunState, string?>? Note { get; set; }

    /// <summary>See <see cref="ITraining.MoreUpdates"/>.</summary>
    internal string MoreUpdates { get; init; } = ITraining.SmallerBatches;

    /// <inheritdoc/>
    string ITraining.MoreUpdates => MoreUpdates;

    /// <summary>Frees what only training needs.</summary>
    public Action? Ended { get; init; }

    /// <inheritdoc/>
    public double? RunEpoch(EpochContext context)
    {
        model.train();
        EpochStarting?.Invoke(context.Epoch, context.Random(stream: 1));
        Enter(StageOf?.Invoke(context.Epoch) ?? new GradientStage<TBatch>("", options.Optimizer, options.LearningRate, options.WeightDecay));
        var rates = new LearningRates(options.Schedule, options.WarmupSteps, (long)model.Plan.Epochs * StepsPerEpoch);
        return optimizer.Step!.RunEpoch(Source, context, loss, step => rates.At(((long)context.Epoch * StepsPerEpoch) + step), StepDone ?? (_ => { }));
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State() => optimizer.State();

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state) => optimizer.Restore(state);

    /// <inheritdoc/>
    public string? NoteOn(RunState run) => Note?.Invoke(run);

    /// <inheritdoc/>
    public void Dispose()
    {
        optimizer.Dispose();
        Ended?.Invoke();
    }

    // Moments begin at 0, or at those saved in the stage, unless it is the running one.
    private void Enter(GradientStage<TBatch> stage)
    {
        Source = stage.Batches ?? Source;
        optimizer.Use(new OptimizerStage(stage.Name, stage.Optimizer, stage.LearningRate), () =>
        {
            var parameters = new ParameterSet(model, Trainable?.Invoke() ?? model.parameters());
            var made = MakeOptimizer?.Invoke(stage.Optimizer, parameters, stage.WeightDecay) ?? Optimizer.Create(stage.Optimizer, parameters, options.Momentum, stage.WeightDecay);
            return new GradientStep(model.GetName(), parameters, made, stage.LearningRate, options.ClipNorm);
        });
    }
}

/// <summary>A stage of training by gradient descent.</summary>
/// <param name="Name">Distinguishes stages that use the same optimizer afresh, or on other parameters.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="LearningRate">Learning rate before schedule and warm-up.</param>
/// <param name="WeightDecay">Weight decay.</param>
/// <param name="Batches">The batches; null to keep those of before.</param>
public sealed record GradientStage<TBatch>(string Name, OptimizerKind Optimizer, double LearningRate, double WeightDecay, IBatchSource<TBatch>? Batches = null)
    where TBatch : Batch;
