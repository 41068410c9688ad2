namespace Tastemaker.Evaluation;

/// <summary>Which way a metric improves.</summary>
public enum MetricDirection
{
    /// <summary>Larger is better.</summary>
    HigherIsBetter,

    /// <summary>Smaller is better.</summary>
    LowerIsBetter,

    /// <summary>A property of lists or predictions to know; larger is neither good nor bad by itself.</summary>
    Descriptive,
}
