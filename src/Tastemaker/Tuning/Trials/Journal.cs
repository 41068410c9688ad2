using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Tastemaker.Runs;
using Tastemaker.Tuning.Space;

namespace Tastemaker.Tuning.Trials;

/// <summary>
/// journal.jsonl: what a search has done, a line each, on disk before the search goes on. The first line says what is searched; then a line when a
/// trial begins and a line a result. A last line torn by a crash is dropped; the journal is held by one process at a time.
/// </summary>
internal sealed class Journal : IDisposable
{
    private static readonly JsonSerializerOptions Format = new(RunJson.Line) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly FileStream file;
    private readonly RunLock held;

    private Journal(FileStream file, RunLock held, JsonObject? study, IReadOnlyList<Trial> trials)
    {
        this.file = file;
        this.held = held;
        Study = study;
        Trials = trials;
    }

    private sealed record Line
    {
        public required string Event { get; init; }

        public int Trial { get; init; }

        public OrderedDictionary<string, string>? Values { get; init; }

        public int? Rung { get; init; }

        public TrialResult? Result { get; init; }
    }

    /// <summary>What was being searched; null in a new journal.</summary>
    public JsonObject? Study { get; private set; }

    /// <summary>The trials found in the journal when it was opened.</summary>
    public IReadOnlyList<Trial> Trials { get; }

    /// <summary>Opens or makes a journal.</summary>
    /// <exception cref="InputException">Another process holds it, or a line is not one of ours.</exception>
    public static Journal Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var held = RunLock.Take(Path.GetDirectoryName(Path.GetFullPath(path))!, "search");
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            return Read(file, held, path);
        }
        catch
        {
            file?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>The first line.</summary>
    public void Begin(JsonObject study)
    {
        Study = study;
        Append(new JsonObject { ["event"] = "study", ["study"] = study.DeepClone() }.ToJsonString(Format));
    }

    /// <summary>A trial begins.</summary>
    public void Add(Trial trial) =>
        Append(JsonSerializer.Serialize(
            new Line { Event = "trial", Trial = trial.Number, Values = new OrderedDictionary<string, string>(trial.Point.Values) }, Format));

    /// <summary>A trial has a result.</summary>
    public void Add(TrialJob job, TrialResult result) =>
        Append(JsonSerializer.Serialize(new Line { Event = "result", Trial = job.Trial.Number, Rung = job.Rung, Result = result }, Format));

    /// <inheritdoc/>
    public void Dispose()
    {
        file.Dispose();
        held.Dispose();
    }

    private static Journal Read(FileStream file, RunLock held, string path)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        file.SetLength(whole);
        file.Seek(0, SeekOrigin.End);
        var lines = Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var trials = new List<Trial>();
        JsonObject? study = null;
        for (var number = 0; number < lines.Length; number++)
        {
            try
            {
                if (number == 0)
                {
                    study = JsonNode.Parse(lines[0])!["study"]!.AsObject();
                }
                else
                {
                    Take(JsonSerializer.Deserialize<Line>(lines[number], Format)!, trials);
                }
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException or ArgumentException)
            {
                throw new InputException($"{path}:{number + 1}: this is no line of a search's journal: {error.Message} Choose another folder.", error);
            }
        }

        return new Journal(file, held, study, trials);
    }

    private static void Take(Line line, List<Trial> trials)
    {
        if (line is { Event: "trial", Values: { } values } && line.Trial == trials.Count)
        {
            trials.Add(new Trial(line.Trial, new TrialPoint(values)));
        }
        else if (line is { Event: "result", Result: { } result } && line.Trial < trials.Count && line.Rung == trials[line.Trial].Results.Count)
        {
            trials[line.Trial].Add(result);
        }
        else
        {
            throw new ArgumentException($"'{line.Event}' of trial {line.Trial} does not follow from what stands above it.");
        }
    }

    private void Append(string line)
    {
        file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        file.Flush(flushToDisk: true);
    }
}
