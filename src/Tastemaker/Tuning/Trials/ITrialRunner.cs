namespace Tastemaker.Tuning.Trials;

/// <summary>Trains trials.</summary>
internal interface ITrialRunner : IDisposable
{
    /// <summary>How many it trains at a time.</summary>
    int Slots { get; }

    /// <summary>Trains a trial up to a rung; a trial that rests there is resumed, not restarted.</summary>
    /// <exception cref="OperationCanceledException">The search was stopped; the finished epochs are saved.</exception>
    Task<TrialResult> Run(TrialJob job, CancellationToken cancellation);
}
