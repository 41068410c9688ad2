using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tastemaker.Artifacts;
using Tastemaker.Configuration;
using Tastemaker.Training;

namespace Tastemaker.Runs;

/// <summary>Appends the events of a run to its log.jsonl, one JSON object a line, each on disk at once.</summary>
internal sealed class RunLog : ITrainingObserver, IDisposable
{
    private readonly StreamWriter writer;
    private readonly TimeProvider time;

    /// <summary>Opens or continues a log.</summary>
    public RunLog(string path, TimeProvider time)
    {
        this.time = time;
        writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read), new UTF8Encoding(false)) { AutoFlush = true };
    }

    /// <inheritdoc/>
    public void On(TrainingEvent trainingEvent)
    {
        // Progress inside an epoch is for the eye; a log of it would grow without end.
        if (trainingEvent is TrainingEvent.Progressed)
        {
            return;
        }

        var line = new JsonObject { ["at"] = time.GetUtcNow().ToString("O"), ["event"] = OptionText.Kebab(trainingEvent.GetType().Name) };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(trainingEvent, trainingEvent.GetType(), RunJson.Line)!.AsObject().ToList())
        {
            line[name] = value?.DeepClone();
        }

        writer.WriteLine(line.ToJsonString(JsonText.Line));
    }

    /// <summary>The epochs in a log; of an epoch that was run twice (after a crash) the later counts. A torn last line is passed over.</summary>
    public static IReadOnlyList<EpochRecord> ReadEpochs(string path)
    {
        var epochs = new SortedDictionary<int, EpochRecord>();
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            if (Parse(line) is { } node && node["event"]?.ToString() == "epoch-completed")
            {
                var epoch = node.Deserialize<EpochRecord>(RunJson.Line)!;
                epochs[epoch.Epoch] = epoch;
            }
        }

        return [.. epochs.Values];
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

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
