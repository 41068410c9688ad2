using System.Runtime.InteropServices;
using Tastemaker.Artifacts;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using TorchSharp;

namespace Tastemaker.Runs;

/// <summary>What a run folder is of: run.json.</summary>
internal sealed record RunManifest
{
    /// <summary>Version of the folder's layout.</summary>
    public int Version { get; init; } = 1;

    /// <summary>How far it has come.</summary>
    public RunStatus State { get; init; }

    /// <summary>Id of the system.</summary>
    public required string System { get; init; }

    /// <summary>Fingerprint of the configuration.</summary>
    public required string Configuration { get; init; }

    /// <summary>
    /// The metric that chooses the epoch, as configured; null in runs from before there was "auto". The fingerprint cannot tell "auto" from what it
    /// stood for then.
    /// </summary>
    public string? Metric { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>Fingerprint of the training data.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>The split in words.</summary>
    public required string Split { get; init; }

    /// <summary>Fingerprint of the split.</summary>
    public required string SplitFingerprint { get; init; }

    /// <summary>Training seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it was completed.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Seconds of training in the process that completed it.</summary>
    public double? TrainingSeconds { get; init; }

    /// <summary>Epoch whose weights were kept, from 0.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Version of this library.</summary>
    public string Library { get; init; } = LibraryVersion.Text;

    /// <summary>Version of .NET.</summary>
    public string Runtime { get; init; } = RuntimeInformation.FrameworkDescription;

    /// <summary>Version of libtorch.</summary>
    public string Libtorch { get; init; } = torch.__version__;

    /// <summary>Operating system and architecture.</summary>
    public string Platform { get; init; } = $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}";

    /// <summary>Number of logical processors.</summary>
    public int Processors { get; init; } = Environment.ProcessorCount;

    /// <summary>The manifest of a run that begins.</summary>
    public static RunManifest Of(RunConfiguration configuration, Split split, TimeProvider time) => new()
    {
        System = configuration.System.Id,
        Configuration = configuration.Fingerprint,
        Metric = configuration.Training.Metric,
        Data = split.Train.Data.Name,
        DataFingerprint = split.Train.Data.Fingerprint,
        Split = split.Description,
        SplitFingerprint = split.Fingerprint,
        Seed = configuration.Training.Seed,
        Started = time.GetUtcNow(),
    };
}
