namespace Tastemaker.Training.Observers;

/// <summary>Keeps the curves of a run, for reports: every epoch, those before a resumption included.</summary>
public sealed class CurveRecorder : ITrainingObserver
{
    private readonly List<TrainingEvent.EpochCompleted> epochs = [];

    /// <summary>The epochs in order.</summary>
    public IReadOnlyList<TrainingEvent.EpochCompleted> Epochs => epochs;

    /// <summary>How the run ended; null while it runs.</summary>
    public TrainingEvent.Finished? Finished { get; private set; }

    /// <inheritdoc/>
    public void On(TrainingEvent trainingEvent)
    {
        switch (trainingEvent)
        {
            case TrainingEvent.Started started:
                epochs.Clear();
                epochs.AddRange(started.History);
                Finished = null;
                break;
            case TrainingEvent.EpochCompleted epoch:
                epochs.Add(epoch);
                break;
            case TrainingEvent.Finished finished:
                Finished = finished;
                break;
        }
    }
}
