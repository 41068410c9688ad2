using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tastemaker.Artifacts;
using static TorchSharp.torch;

namespace Tastemaker.Training.Checkpoints;

/// <summary>A run as it was after an epoch.</summary>
/// <param name="Run">How far it was.</param>
/// <param name="State">The model's weights.</param>
/// <param name="Training">Optimizer moments and counters.</param>
/// <param name="Best">The weights of the best epoch, where that is another one; otherwise null.</param>
internal sealed record Checkpoint(
    RunState Run, IReadOnlyDictionary<string, Tensor> State, IReadOnlyDictionary<string, Tensor> Training, IReadOnlyDictionary<string, Tensor>? Best);

/// <summary>The part of a checkpoint that is not tensors.</summary>
/// <param name="Version">Of the layout.</param>
/// <param name="Identity">What the run depends on, see <see cref="RunFingerprint"/>.</param>
/// <param name="Run">How far it was.</param>
/// <param name="Files">Content hash of each tensor file.</param>
internal sealed record CheckpointRecord(
    int Version, IReadOnlyDictionary<string, string> Identity, RunState Run, IReadOnlyDictionary<string, string> Files);

/// <summary>Reads and writes <see cref="CheckpointRecord"/> as JSON.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(CheckpointRecord))]
internal sealed partial class CheckpointJson : JsonSerializerContext;

/// <summary>
/// The checkpoints of a run on disk: a folder an epoch, complete in itself (weights, moments, best weights, history), which appears whole or
/// not at all. The newest two are kept, so that one survives if the other is damaged.
/// </summary>
/// <param name="path">The folder that holds them.</param>
/// <param name="identity">What the run depends on.</param>
internal sealed class CheckpointFolder(string path, IReadOnlyDictionary<string, string> identity)
{
    private const int Version = 1;
    private const int Kept = 2;
    private const string RecordFile = "checkpoint.json";
    private const string StateFile = "state.safetensors";
    private const string TrainingFile = "training.safetensors";
    private const string BestFile = "best.safetensors";

    /// <summary>Writes a checkpoint and drops the oldest.</summary>
    /// <returns>Its folder.</returns>
    public string Save(Checkpoint checkpoint)
    {
        var final = Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"epoch-{checkpoint.Run.Epochs:D6}"));
        var temporary = Path.Combine(path, $".{Path.GetFileName(final)}.tmp");
        try
        {
            Fill(temporary, checkpoint);
        }
        catch
        {
            Clear(temporary); // a full disk needs the room
            throw;
        }

        Clear(final);
        Directory.Move(temporary, final);
        foreach (var old in NewestFirst().Skip(Kept).Concat(Directory.GetDirectories(path, ".epoch-*.tmp"))) // a run that was killed while it saved has left one
        {
            Clear(old);
        }

        return final;
    }

    private void Fill(string temporary, Checkpoint checkpoint)
    {
        Clear(temporary);
        Directory.CreateDirectory(temporary);
        var files = new Dictionary<string, string>();
        foreach (var (name, tensors) in new[] { (StateFile, checkpoint.State), (TrainingFile, checkpoint.Training), (BestFile, checkpoint.Best) })
        {
            if (tensors is not null)
            {
                var file = Path.Combine(temporary, name);
                SafetensorsFile.Write(file, tensors);
                files.Add(name, Hash(file));
            }
        }

        var record = new CheckpointRecord(Version, identity, checkpoint.Run, files);
        AtomicFile.WriteText(Path.Combine(temporary, RecordFile), JsonSerializer.Serialize(record, CheckpointJson.Default.CheckpointRecord));
    }

    /// <summary>The newest checkpoint that is whole, or null where there is none at all. Its tensors become the dispose scope's.</summary>
    /// <param name="warn">Told of each damaged one that is passed over.</param>
    /// <exception cref="InputException">The checkpoints are of another run, or all are damaged.</exception>
    public Checkpoint? Load(Action<string> warn)
    {
        var damaged = new List<string>();
        foreach (var folder in NewestFirst())
        {
            try
            {
                var record = ReadRecord(folder);
                ThrowIfAnother(record);
                var tensors = record.Files.ToDictionary(file => file.Key, file => ReadTensors(Path.Combine(folder, file.Key), file.Value));
                damaged.ForEach(warn);
                return new Checkpoint(record.Run, tensors[StateFile], tensors[TrainingFile], tensors.GetValueOrDefault(BestFile));
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or JsonException or KeyNotFoundException)
            {
                damaged.Add($"The checkpoint '{folder}' is damaged ({exception.Message}); an older one is used.");
            }
        }

        return damaged.Count == 0
            ? null
            : throw new InputException($"Every checkpoint in '{path}' is damaged. Delete the folder to start the run afresh.");
    }

    private static CheckpointRecord ReadRecord(string folder) =>
        JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(folder, RecordFile)), CheckpointJson.Default.CheckpointRecord)
        ?? throw new InvalidDataException($"{RecordFile} is empty");

    private static IReadOnlyDictionary<string, Tensor> ReadTensors(string file, string hash) =>
        Hash(file) == hash ? SafetensorsFile.Read(file, out _) : throw new InvalidDataException($"{Path.GetFileName(file)} is not as it was written");

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        var hash = new XxHash3();
        hash.Append(stream);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void ThrowIfAnother(CheckpointRecord record)
    {
        if (record.Version != Version)
        {
            throw new InputException($"The checkpoints in '{path}' have layout version {record.Version}; this program reads {Version}.");
        }

        var differences = RunFingerprint.Differences(record.Identity, identity);
        if (differences.Count > 0)
        {
            throw new InputException(
                $"The checkpoints in '{path}' are of another run ({string.Join("; ", differences)}). Resume with the same data and options, or choose another folder.");
        }
    }

    private List<string> NewestFirst() =>
        Directory.Exists(path) ? [.. Directory.GetDirectories(path, "epoch-*").OrderDescending(StringComparer.Ordinal)] : [];
}
