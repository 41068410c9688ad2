namespace Tastemaker.Training;

/// <summary>Why a run ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs were done.</summary>
    Completed,

    /// <summary>The validation metric stopped improving.</summary>
    StoppedEarly,

    /// <summary>It was asked to stop; the finished epochs are saved.</summary>
    Interrupted,
}

/// <summary>Something that happened in a run. Immutable; delivered in order on the training thread. Epochs count from 0, steps from 1.</summary>
public abstract record TrainingEvent
{
    /// <summary>The run begins, or resumes after <paramref name="FirstEpoch"/> finished epochs.</summary>
    public sealed record Started(string System, int FirstEpoch, int Epochs, int StepsAnEpoch, long Parameters, string Device) : TrainingEvent
    {
        /// <summary>How many of <see cref="Epochs"/>, from the first, are pre-training, which comes before the epochs that the options ask for.</summary>
        public int PretrainingEpochs { get; init; }

        /// <summary>The epochs finished before the run was resumed; empty for a new run.</summary>
        public IReadOnlyList<EpochCompleted> History { get; init; } = [];
    }

    /// <summary>Some steps were done; sent at most a few times a second.</summary>
    public sealed record Progressed(int Epoch, int Step, int Steps, double Loss, double SamplesPerSecond) : TrainingEvent;

    /// <summary>An epoch ended, with validation metrics if this epoch was validated.</summary>
    public sealed record EpochCompleted(
        int Epoch, double? Loss, IReadOnlyDictionary<string, double> Metrics, bool IsBest, double Seconds, double SamplesPerSecond, long MemoryBytes) : TrainingEvent;

    /// <summary>A checkpoint is safely on disk.</summary>
    public sealed record CheckpointSaved(int Epoch, string Path) : TrainingEvent;

    /// <summary>Something the user should know, after which the run goes on: a damaged checkpoint was passed over.</summary>
    public sealed record Warned(string Message) : TrainingEvent;

    /// <summary>Training ended. The best epoch is -1 where the run was interrupted before its first epoch was finished.</summary>
    public sealed record Finished(int BestEpoch, double? BestMetric, TrainingEnd Reason, double Seconds) : TrainingEvent
    {
        /// <summary>What the course of the run tells of its settings, such as that it was still improving when it ended.</summary>
        public IReadOnlyList<string> Notes { get; init; } = [];
    }
}

/// <summary>Watches a run: progress bars, logs, curves.</summary>
public interface ITrainingObserver
{
    /// <summary>Called for every event, in order, on the training thread.</summary>
    void On(TrainingEvent trainingEvent);
}
