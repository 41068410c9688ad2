namespace Tastemaker.Tuning;

/// <summary>Watches a search.</summary>
internal interface ITuningObserver
{
    /// <summary>Called for every event, in order.</summary>
    void On(TuningEvent tuningEvent);
}
