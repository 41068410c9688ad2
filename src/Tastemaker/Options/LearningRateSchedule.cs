namespace Tastemaker.Options;

/// <summary>How the step size changes over a run, after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>It does not.</summary>
    Constant,

    /// <summary>Falls in a line to 0 at the last step.</summary>
    Linear,

    /// <summary>Falls along half a cosine to 0 at the last step.</summary>
    Cosine,
}
