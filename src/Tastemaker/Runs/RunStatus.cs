namespace Tastemaker.Runs;

/// <summary>How far a run has come.</summary>
internal enum RunStatus
{
    /// <summary>It is at work, or its process died: it can be resumed.</summary>
    Running,

    /// <summary>It was asked to stop; it can be resumed.</summary>
    Interrupted,

    /// <summary>It was trained and measured.</summary>
    Completed,

    /// <summary>It was a trial of a search: trained and measured on the validation part alone; no model is kept.</summary>
    Tried,
}
