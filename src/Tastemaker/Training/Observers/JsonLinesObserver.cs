using System.Text.Json;

namespace Tastemaker.Training.Observers;

/// <summary>
/// Writes every event as one line of JSON: its kind under "event", the time under "time" (UTC, ISO 8601), then its properties. Lines are
/// flushed at once, so that the file can be followed while the run goes on.
/// </summary>
public sealed class JsonLinesObserver : ITrainingObserver, IDisposable
{
    private readonly StreamWriter writer;
    private readonly TimeProvider time;

    /// <summary>Appends to a file, which is made if it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public JsonLinesObserver(string path, TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));
    }

    /// <inheritdoc/>
    public void On(TrainingEvent trainingEvent)
    {
        var line = JsonSerializer.SerializeToNode(trainingEvent, trainingEvent.GetType(), EventJson.Default)!.AsObject();
        line.Insert(0, "event", JsonNamingPolicy.CamelCase.ConvertName(trainingEvent.GetType().Name));
        line.Insert(1, "time", time.GetUtcNow().ToString("O"));
        writer.WriteLine(line.ToJsonString());
        writer.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();
}
