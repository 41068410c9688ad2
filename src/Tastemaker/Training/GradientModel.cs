using Tastemaker.Options;
using Tastemaker.Data;
using Tastemaker.Recommending;
using Tastemaker.Training.Batches;
using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>
/// A system trained by gradient descent on batches. Three members say what a system is: its batches, its loss, its scores.
/// </summary>
internal abstract class GradientModel<TBatch>(string name, ModelShape shape, GradientModelOptions options) : Model(name, shape)
    where TBatch : Batch
{
    /// <inheritdoc/>
    public override int Epochs => options.Epochs;

    /// <summary>The batches it learns from.</summary>
    protected abstract IBatchSource<TBatch> Batches(TrainingSet train);

    /// <summary>The loss of a batch, a scalar: what is minimised.</summary>
    public abstract Tensor Loss(TBatch batch);

    /// <summary>Scores of the catalog [requests, items].</summary>
    protected abstract Tensor Score(RequestBatch requests);

    /// <inheritdoc/>
    public override void Score(RequestBatch requests, Span<float> scores)
    {
        using var result = Score(requests).cpu().contiguous();
        result.data<float>().CopyTo(scores);
    }

    /// <inheritdoc/>
    public override double? TrainEpoch(EpochContext context) => throw new NotSupportedException(context.Epoch.ToString());
}
