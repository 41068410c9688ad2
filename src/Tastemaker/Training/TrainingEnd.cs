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
