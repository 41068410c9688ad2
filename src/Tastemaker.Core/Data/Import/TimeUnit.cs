namespace Tastemaker.Data.Import;

/// <summary>The unit of numeric times in a source. Dates and times in ISO text need none.</summary>
public enum TimeUnit
{
    /// <summary>Recognized from the magnitude of the largest time.</summary>
    Auto,

    /// <summary>Unix seconds.</summary>
    Seconds,

    /// <summary>Unix milliseconds.</summary>
    Milliseconds,

    /// <summary>Unix microseconds.</summary>
    Microseconds,

    /// <summary>Unix nanoseconds.</summary>
    Nanoseconds,

    /// <summary>A position without calendar meaning: only the order of the numbers counts, whole or with fractions.</summary>
    Order,
}
