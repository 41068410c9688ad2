using System.Text.Json.Serialization;

namespace Tastemaker.Training.Checkpoints;

/// <summary>The part of a checkpoint that is not tensors.</summary>
/// <param name="Version">Of the layout.</param>
/// <param name="Identity">What the run depends on, see <see cref="RunIdentity"/>.</param>
/// <param name="Run">How far it was.</param>
/// <param name="Files">Content hash of each tensor file.</param>
internal sealed record CheckpointRecord(
    int Version, IReadOnlyDictionary<string, string> Identity, RunState Run, IReadOnlyDictionary<string, string> Files);

/// <summary>Reads and writes <see cref="CheckpointRecord"/> as JSON.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(CheckpointRecord))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
