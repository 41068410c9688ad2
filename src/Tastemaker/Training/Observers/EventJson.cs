using System.Text.Json.Serialization;

namespace Tastemaker.Training.Observers;

/// <summary>Events as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TrainingEvent.Started))]
[JsonSerializable(typeof(TrainingEvent.Progressed))]
[JsonSerializable(typeof(TrainingEvent.EpochCompleted))]
[JsonSerializable(typeof(TrainingEvent.CheckpointSaved))]
[JsonSerializable(typeof(TrainingEvent.Warned))]
[JsonSerializable(typeof(TrainingEvent.Finished))]
internal sealed partial class EventJson : JsonSerializerContext;
