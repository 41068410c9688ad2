namespace Tastemaker.Bench.Reports;

/// <summary>How fast one system trains and ranks on one data set.</summary>
internal sealed record SystemMeasurement
{
    /// <summary>Id of the system.</summary>
    public required string System { get; init; }

    /// <summary>Learned numbers.</summary>
    public required long Parameters { get; init; }

    /// <summary>Epochs that the figures are means of.</summary>
    public required int Epochs { get; init; }

    /// <summary>Seconds an epoch; for closed forms the whole of training.</summary>
    public required double SecondsPerEpoch { get; init; }

    /// <summary>Training examples a second; null where a system does not count examples.</summary>
    public required double? SamplesPerSecond { get; init; }

    /// <summary>Requests whose catalog was scored, ranked and measured.</summary>
    public required int Requests { get; init; }

    /// <summary>Seconds of the evaluation in which scores were made.</summary>
    public required double ScoreSeconds { get; init; }

    /// <summary>The remaining seconds of the evaluation: masking, top-K, metrics.</summary>
    public required double RankSeconds { get; init; }

    /// <summary>Peak memory of the process while this system trained and ranked, the data set included.</summary>
    public required long PeakBytes { get; init; }

    /// <summary>NDCG@10 after so few epochs: shows that the system learned, not how good it is.</summary>
    public required double Ndcg { get; init; }
}
