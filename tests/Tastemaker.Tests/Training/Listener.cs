using Tastemaker.Training;

namespace Tastemaker.Tests.Training;

/// <summary>Does something on every event of a run.</summary>
internal sealed class Listener(Action<TrainingEvent> on) : ITrainingObserver
{
    public void On(TrainingEvent trainingEvent) => on(trainingEvent);
}
