using System.Text.Json;
using System.Text.Json.Nodes;
using Tastemaker.Training;
using Tastemaker.Training.Observers;

namespace Tastemaker.Runs;

/// <summary>The log.jsonl of a run: written by a <see cref="JsonLinesObserver"/>, continued when the run is resumed, and read back as curves.</summary>
/// <param name="path">The file.</param>
internal sealed class RunLog(string path) : ITrainingObserver, IDisposable
{
    private const string Completed = "epochCompleted";

    private readonly JsonLinesObserver lines = new(path);

    /// <inheritdoc/>
    public void On(TrainingEvent trainingEvent)
    {
        // Progress inside an epoch is for the eye; a log of it would grow without end.
        if (trainingEvent is not TrainingEvent.Progressed)
        {
            lines.On(trainingEvent);
        }
    }

    /// <summary>The epochs in a log; of an epoch that was run twice (after a crash) the later counts. A torn line is passed over.</summary>
    public static IReadOnlyList<TrainingEvent.EpochCompleted> ReadEpochs(string path)
    {
        var epochs = new SortedDictionary<int, TrainingEvent.EpochCompleted>();
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            if (Parse(line) is { } node && node["event"]?.ToString() == Completed)
            {
                var epoch = node.Deserialize(EventJson.Default.EpochCompleted)!;
                epochs[epoch.Epoch] = epoch;
            }
        }

        return [.. epochs.Values];
    }

    /// <inheritdoc/>
    public void Dispose() => lines.Dispose();

    private static JsonNode? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
