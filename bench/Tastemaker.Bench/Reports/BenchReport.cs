namespace Tastemaker.Bench.Reports;

/// <summary>What a run measured: the source of every figure in docs/benchmarks.md.</summary>
internal sealed record BenchReport
{
    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>The command that was run.</summary>
    public required string Command { get; init; }

    public required MachineFacts Machine { get; init; }

    public required int Users { get; init; }

    public required int Items { get; init; }

    public required int Interactions { get; init; }

    /// <summary>Bytes of the file that was imported, as it is on disk.</summary>
    public required long FileBytes { get; init; }

    public required double ImportSeconds { get; init; }

    /// <summary>Peak memory up to the end of the import.</summary>
    public required long ImportPeakBytes { get; init; }

    /// <summary>Seconds to generate and write the file; null where it was there.</summary>
    public double? GenerateSeconds { get; init; }

    /// <summary>The split with its seed.</summary>
    public required string Split { get; init; }

    public required double SplitSeconds { get; init; }

    public required IReadOnlyList<SystemMeasurement> Systems { get; init; }

    /// <summary>Peak memory of the whole run.</summary>
    public required long PeakBytes { get; init; }
}
