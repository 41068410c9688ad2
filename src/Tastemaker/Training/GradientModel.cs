using Tastemaker.Data;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Training.Batches;
using Tastemaker.Training.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>
/// A system trained by gradient descent on batches. Three members say what a system is: its batches, its loss, its scores. Optional hooks
/// serve training in stages and constraints on weights.
/// </summary>
internal abstract class GradientModel<TBatch>(string name, ModelShape shape, GradientModelOptions options) : Model(name, shape, options)
    where TBatch : Batch
{
    private readonly StagedOptimizer optimizer = new();
    private IBatchSource<TBatch>? source;

    /// <inheritdoc/>
    public override int Epochs => options.Epochs;

    /// <inheritdoc/>
    public override int StepsAnEpoch => source?.BatchesAnEpoch ?? 1;

    /// <inheritdoc/>
    public override int? UpdatesPerEpoch => source?.BatchesAnEpoch;

    /// <summary>The batches of the running training; null outside of it.</summary>
    public IBatchSource<TBatch>? Source => source;

    /// <summary>The batches it learns from.</summary>
    protected abstract IBatchSource<TBatch> Batches(TrainingSet train);

    /// <summary>The loss of a batch, a scalar: what is minimised.</summary>
    public abstract Tensor Loss(TBatch batch);

    /// <summary>Scores of the catalog [requests, items].</summary>
    protected abstract Tensor Score(RequestBatch requests);

    /// <summary>The parameters that training changes, asked for whenever an optimizer is made. Default: all.</summary>
    protected virtual IEnumerable<Parameter> Trainable() => parameters();

    /// <summary>The optimizer of <see cref="Trainable"/>. Systems whose parts learn by different rules give one that joins several.</summary>
    protected virtual IOptimizer MakeOptimizer(OptimizerKind kind, ParameterSet parameters, double weightDecay) =>
        Optimizer.Create(kind, parameters, options.Momentum, weightDecay);

    /// <summary>
    /// Called before each epoch, also the first after resuming. Systems that train in stages call <see cref="UseOptimizer"/> and
    /// <see cref="UseBatches"/> here for the stage that the epoch belongs to.
    /// </summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="random">A stream for this epoch, apart from that of its batches.</param>
    protected virtual void OnEpochStarting(int epoch, SeededRandom random)
    {
    }

    /// <summary>Called after each update, under no_grad: projections of weights, counters.</summary>
    /// <param name="step">Step of the epoch, from 1.</param>
    protected virtual void OnStepDone(int step)
    {
    }

    /// <inheritdoc/>
    public override void Score(RequestBatch requests, Span<float> scores)
    {
        if ((this as IPartialScorer)?.Begin(requests) is { } parts)
        {
            WholeCatalog.Fill(parts, requests.Count, Shape.Items, scores);
            return;
        }

        using var result = Score(requests).cpu().contiguous();
        result.CopyValues<float>(scores);
    }

    /// <inheritdoc/>
    public override void BeginTraining(TrainingSet train, TrainingOptions options)
    {
        EndTraining();
        foreach (var table in modules().OfType<EmbeddingTable>())
        {
            table.RowMode = !table.AlwaysWhole && UpdatesByRow(table.Rows, options.RowUpdates);
            table.ForgetLookups();
        }

        UsePrecision(options.Precision);
        UseBatches(Batches(train));
    }

    /// <inheritdoc/>
    public override void EndTraining()
    {
        optimizer.Dispose();
        source = null;
    }

    /// <inheritdoc/>
    public override double? TrainEpoch(EpochContext context)
    {
        train();
        OnEpochStarting(context.Epoch, context.Random(stream: 1));
        if (optimizer.Step is null)
        {
            UseOptimizer(options.Optimizer, options.LearningRate);
        }

        var sizes = new StepSize(options.Schedule, options.WarmupSteps, (long)Epochs * StepsAnEpoch);
        return optimizer.Step!.RunEpoch(source!, context, Loss, step => sizes.At(((long)context.Epoch * StepsAnEpoch) + step), OnStepDone);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> TrainingState() => optimizer.State();

    /// <inheritdoc/>
    public override void RestoreTraining(IReadOnlyDictionary<string, Tensor> state) => optimizer.Restore(state);

    /// <summary>
    /// Makes an optimizer over <see cref="Trainable"/> with moments at 0, unless the running one is of the same kind, learning rate and stage.
    /// To be called from <see cref="OnEpochStarting"/>, at every epoch; after resuming it takes over the saved moments.
    /// </summary>
    /// <param name="kind">The optimizer.</param>
    /// <param name="learningRate">Learning rate before schedule and warm-up.</param>
    /// <param name="stage">Distinguishes stages of training that use the same optimizer afresh, or on other parameters.</param>
    /// <param name="weightDecay">Weight decay; that of the options if null.</param>
    protected void UseOptimizer(OptimizerKind kind, double learningRate, string stage = "", double? weightDecay = null) =>
        optimizer.Use(new OptimizerStage(stage, kind, learningRate), () =>
        {
            var parameters = new ParameterSet(this, Trainable());
            return new GradientStep(GetName(), parameters, MakeOptimizer(kind, parameters, weightDecay ?? options.WeightDecay), learningRate, options.ClipNorm);
        });

    /// <summary>Takes other batches from now on; to be called from <see cref="OnEpochStarting"/> at every epoch of a stage.</summary>
    protected void UseBatches(IBatchSource<TBatch> batches) => source = batches;

    private void UsePrecision(Precision precision)
    {
        var layers = modules().OfType<Dense>().ToArray();
        if (precision is Precision.Bfloat16 && layers.Length == 0)
        {
            throw new InputException($"{GetName()} has no fully connected layers that could compute in bfloat16; leave precision at Full.");
        }

        foreach (var layer in layers)
        {
            layer.TrainsInBFloat16 = precision is Precision.Bfloat16;
        }
    }

    private bool UpdatesByRow(long rows, RowUpdates updates) => updates switch
    {
        RowUpdates.Whole => false,
        RowUpdates.Touched => true,
        _ => rows >= 100_000 || options.Optimizer is OptimizerKind.RowWiseAdagrad,
    };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            EndTraining();
        }

        base.Dispose(disposing);
    }
}
