namespace Tastemaker.Training;

/// <summary>Watches a run: progress bars, logs, curves.</summary>
public interface ITrainingObserver
{
    /// <summary>Called for every event, in order, on the training thread.</summary>
    void On(TrainingEvent trainingEvent);
}
