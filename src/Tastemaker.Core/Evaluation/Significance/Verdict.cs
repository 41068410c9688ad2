namespace Tastemaker.Evaluation.Significance;

/// <summary>How a system compares with the reference on a metric.</summary>
public enum Verdict
{
    /// <summary>No test: the reference itself, or a metric without figures per request, row or rating.</summary>
    NotTested,

    /// <summary>The data cannot tell them apart.</summary>
    NoDifference,

    /// <summary>Significantly better than the reference.</summary>
    Better,

    /// <summary>Significantly worse than the reference.</summary>
    Worse,

    /// <summary>Significantly different on a metric that is neither good nor bad by itself.</summary>
    Different,
}
