using System.Text.Json;
using Tastemaker.Artifacts;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Training;

namespace Tastemaker.Runs;

/// <summary>
/// A run on disk: run.json (what and where), run.yaml (the effective configuration), log.jsonl (events), tensorboard/ (curves), checkpoints/ while it trains, then
/// model/ (and held-out/, see <see cref="HeldOut"/>), metrics.json and per-request.safetensors. Every file is written whole; a run that died is found "running" and resumes.
/// </summary>
internal sealed class RunFolder
{
    private const string ManifestFile = "run.json";

    private RunFolder(string path, RunManifest manifest)
    {
        FullPath = path;
        Manifest = manifest;
    }

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>What it is of.</summary>
    public RunManifest Manifest { get; private set; }

    /// <summary>Where the trained model lies once completed.</summary>
    public string Model => Path.Combine(FullPath, "model");

    /// <summary>Where the model that was measured lies, where the one in <see cref="Model"/> was fit once more on all data.</summary>
    public string HeldOut => Path.Combine(FullPath, "held-out");

    /// <summary>Where the model that the metrics are of lies.</summary>
    public string Measured => Directory.Exists(HeldOut) ? HeldOut : Model;

    /// <summary>Whether the model was fit once more on all data.</summary>
    public bool HasFinalFit => Directory.Exists(HeldOut) && Directory.Exists(Model);

    /// <summary>Where checkpoints of the final fit lie.</summary>
    public string FinalCheckpoints => Path.Combine(FullPath, "final-checkpoints");

    /// <summary>Where checkpoints lie until then.</summary>
    public string Checkpoints => Path.Combine(FullPath, "checkpoints");

    /// <summary>The events, one JSON object a line.</summary>
    public string Log => Path.Combine(FullPath, "log.jsonl");

    /// <summary>The curves for TensorBoard.</summary>
    public string TensorBoard => Path.Combine(FullPath, "tensorboard");

    /// <summary>The effective configuration.</summary>
    public string ConfigurationFile => Path.Combine(FullPath, "run.yaml");

    /// <summary>Begins a run in a new or empty folder, or finds the same run there, to be resumed or already completed.</summary>
    /// <exception cref="InputException">The folder holds another run, or something else.</exception>
    public static RunFolder Begin(string path, RunConfiguration configuration, Split split, TimeProvider? time = null)
    {
        var full = Path.GetFullPath(path);
        var manifest = RunManifest.Of(configuration, split, time ?? TimeProvider.System);
        if (Exists(full))
        {
            var found = Open(full);
            var same = (found.Manifest.Configuration, found.Manifest.SplitFingerprint) == (manifest.Configuration, manifest.SplitFingerprint)
                && (split.Test.Impressions is null || found.Manifest.Metric == manifest.Metric);
            return same ? found : throw new InputException(
                $"'{path}' holds a run of {found.Manifest.System} with another configuration or split. Choose another folder, or delete this one.");
        }

        DemandRoom(path);
        var folder = new RunFolder(full, manifest);
        AtomicFile.WriteText(folder.ConfigurationFile, configuration.ToYaml());
        folder.Write(manifest);
        return folder;
    }

    /// <summary>Checks that a path is free for a run, or holds one.</summary>
    /// <exception cref="InputException">It is a file, or a folder with something else.</exception>
    public static void DemandRoom(string path)
    {
        if (File.Exists(path))
        {
            throw new InputException($"'{path}' is a file, and a run needs a folder. Name another with --out.");
        }

        if (Directory.Exists(path) && !Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(entry => !RunLock.IsPart(entry)))
        {
            throw new InputException($"'{path}' is not empty and holds no run. Choose another folder.");
        }
    }

    /// <summary>Whether a folder holds a run that is completed; its files are then only read.</summary>
    public static bool IsCompleted(string path) => Exists(path) && Open(path).Manifest.State == RunStatus.Completed;

    /// <summary>Whether a folder holds a run.</summary>
    public static bool Exists(string path) => File.Exists(Path.Combine(path, ManifestFile));

    /// <summary>Reads what a folder holds.</summary>
    /// <exception cref="InputException">It holds no run, or one of a newer version.</exception>
    public static RunFolder Open(string path)
    {
        Native.LibTorch.Demand(); // a manifest names the version that is loaded
        var file = Path.Combine(path, ManifestFile);
        if (!File.Exists(file))
        {
            throw new InputException($"'{path}' holds no run: there is no {ManifestFile}.");
        }

        try
        {
            var manifest = JsonSerializer.Deserialize<RunManifest>(File.ReadAllText(file), RunJson.Indented)!;
            return manifest.Version <= 1
                ? new RunFolder(Path.GetFullPath(path), manifest)
                : throw new InputException($"'{file}' is of layout version {manifest.Version}, made by library {manifest.Library}; update this one ({LibraryVersion.Text}).");
        }
        catch (JsonException error)
        {
            throw new InputException($"'{file}' is corrupt: {error.Message}", error);
        }
    }

    /// <summary>The runs at or below a folder, by path.</summary>
    public static IReadOnlyList<RunFolder> List(string root) => !Directory.Exists(root) ? [] :
    [
        .. Directory.EnumerateFiles(root, ManifestFile, SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal).Select(Open),
    ];

    /// <summary>Whether no epoch was saved.</summary>
    public bool HasNothing => !Directory.Exists(Model) && (!Directory.Exists(Checkpoints) || !Directory.EnumerateDirectories(Checkpoints, "epoch-*").Any());

    /// <summary>Deletes what is there of the run.</summary>
    public void Discard()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(FullPath).Where(entry => !RunLock.IsPart(entry)).ToList())
        {
            if (Directory.Exists(entry))
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }
    }

    /// <summary>Notes that the run is at work again.</summary>
    public void Resume() => Write(Manifest with { State = RunStatus.Running });

    /// <summary>Notes that the run was asked to stop.</summary>
    public void Interrupt() => Write(Manifest with { State = RunStatus.Interrupted });

    /// <summary>Stores the results and drops the checkpoints; the state is written last, so "completed" means all is there.</summary>
    public void Complete(EvaluationResult result, int? bestEpoch, double trainingSeconds, DateTimeOffset now)
    {
        ResultFiles.Write(result, FullPath);
        Write(Manifest with { State = RunStatus.Completed, Finished = now, BestEpoch = bestEpoch, TrainingSeconds = trainingSeconds });
        DropCheckpoints();
    }

    /// <summary>Notes that the run was a trial of a search and has ended, and drops the checkpoints.</summary>
    public void Try(int? bestEpoch, double trainingSeconds, DateTimeOffset now)
    {
        Write(Manifest with { State = RunStatus.Tried, Finished = now, BestEpoch = bestEpoch, TrainingSeconds = trainingSeconds });
        DropCheckpoints();
    }

    /// <summary>Deletes the checkpoints; the run can then only be begun anew.</summary>
    public void DropCheckpoints()
    {
        if (Directory.Exists(Checkpoints))
        {
            Directory.Delete(Checkpoints, recursive: true);
        }
    }

    /// <summary>Checks that there is a trained model.</summary>
    /// <exception cref="InputException">There is none, as of a run that is at work or whose process died; the message says how far it came and what goes on with it.</exception>
    public void DemandModel()
    {
        if (Directory.Exists(Measured))
        {
            return;
        }

        var saved = Directory.Exists(Checkpoints) && Directory.EnumerateDirectories(Checkpoints, "epoch-*").Any();
        throw new InputException(
            RunLock.IsTaken(FullPath, out var owner) ? $"The run in '{FullPath}' is in progress ({owner}) and has no trained model yet. Wait for it to end."
            : Manifest.State == RunStatus.Tried ? $"The run in '{FullPath}' was a trial of a search, of which no model is kept. 'taste train --config {ConfigurationFile}' makes one."
            : saved ? $"The run in '{FullPath}' was not finished: its checkpoints are there, but no trained model yet. The same command that began it resumes it."
            : $"The run in '{FullPath}' was not finished and has no trained model. The same command that began it does it again.");
    }

    /// <summary>What the test part gave.</summary>
    /// <exception cref="InputException">The run is not completed, or its files are corrupt.</exception>
    public EvaluationResult ReadResult() => Manifest.State == RunStatus.Completed
        ? ResultFiles.Read(FullPath)
        : throw new InputException($"The run in '{FullPath}' is not completed; run it again with the same configuration to resume it.");

    /// <summary>Losses and validation metrics by epoch.</summary>
    public IReadOnlyList<TrainingEvent.EpochCompleted> ReadCurves() => RunLog.ReadEpochs(Log);

    private void Write(RunManifest manifest)
    {
        Manifest = manifest;
        AtomicFile.WriteText(Path.Combine(FullPath, ManifestFile), JsonSerializer.Serialize(manifest, RunJson.Indented) + "\n");
    }
}
