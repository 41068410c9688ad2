using Tastemaker.Training;
using TorchSharp;

namespace Tastemaker.Testing;

/// <summary>The losses of a run, and how many tensors live after each epoch.</summary>
internal sealed class Curve : ITrainingObserver
{
    public List<double> Losses { get; } = [];

    public List<long> LiveTensors { get; } = [];

    public void On(TrainingEvent trainingEvent)
    {
        if (trainingEvent is TrainingEvent.EpochCompleted)
        {
            LiveTensors.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        if (trainingEvent is TrainingEvent.EpochCompleted { Loss: { } loss })
        {
            Losses.Add(loss);
        }
    }
}

/// <summary>Stops a run after an epoch.</summary>
internal sealed class StopAfter(int epoch, CancellationTokenSource source) : ITrainingObserver
{
    public void On(TrainingEvent trainingEvent)
    {
        if (trainingEvent is TrainingEvent.EpochCompleted completed && completed.Epoch == epoch)
        {
            source.Cancel();
        }
    }
}
