namespace Tastemaker.Bench.Measuring;

/// <summary>What a training step of one system costs, and where the time goes. Seconds are medians.</summary>
internal sealed record StepMeasurement
{
    /// <summary>Id of the system.</summary>
    public required string System { get; init; }

    /// <summary>Examples a step.</summary>
    public required int BatchSize { get; init; }

    public required int StepsAnEpoch { get; init; }

    /// <summary>A step of the trainer: batches built beside it, loss read, progress counted.</summary>
    public required double Trainer { get; init; }

    /// <summary>A step of a loop that uses one batch again and again: <see cref="Forward"/>, <see cref="Backward"/> and <see cref="Update"/> together.</summary>
    public required double Bare { get; init; }

    /// <summary>The same on batches made beforehand, in turn, so that each touches other rows than the one before.</summary>
    public required double Fresh { get; init; }

    /// <summary>Loading the batch and the loss.</summary>
    public required double Forward { get; init; }

    public required double Backward { get; init; }

    /// <summary>The optimizer.</summary>
    public required double Update { get; init; }

    /// <summary>Building a batch, on the thread beside the step.</summary>
    public required double Build { get; init; }

    /// <summary>The same step of torch's own modules and optimizer; null where the harness has no such loop.</summary>
    public double? Plain { get; init; }

    /// <summary>Floating-point operations of the matrix products of a step, forward and backward.</summary>
    public required double Operations { get; init; }

    /// <summary>Bytes the trainer allocates on the managed heap, a step.</summary>
    public required double ManagedBytes { get; init; }

    /// <summary>Peak memory of the process.</summary>
    public required long PeakBytes { get; init; }
}
