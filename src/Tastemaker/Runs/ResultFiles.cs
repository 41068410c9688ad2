using System.Text.Json;
using Tastemaker.Artifacts;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Clicks;
using Tastemaker.Evaluation.Slices;
using Tastemaker.Native;
using static TorchSharp.torch;

namespace Tastemaker.Runs;

/// <summary>An <see cref="EvaluationResult"/> on disk: means as JSON, the figures of each request and the predictions for labelled rows and held-out values as tensors.</summary>
internal static class ResultFiles
{
    private const string Means = "metrics.json";
    private const string PerRequest = "per-request.safetensors";
    private const string Exposed = "exposure";
    private const string Prefix = "metric.";
    private const string Labels = "rows.labels";
    private const string Probabilities = "rows.probabilities";
    private const string Users = "rows.users";
    private const string Truth = "values.truth";
    private const string Predicted = "values.predicted";
    private const string Raters = "values.users";

    private sealed record Stored
    {
        public required OrderedDictionary<string, double> Metrics { get; init; }

        public required int Requests { get; init; }

        public required string Protocol { get; init; }

        public IReadOnlyList<string> Notes { get; init; } = [];

        public double Seconds { get; init; }

        public int? ExposureLength { get; init; }

        public IReadOnlyList<Slice> Slices { get; init; } = [];
    }

    /// <summary>Writes both files.</summary>
    public static void Write(EvaluationResult result, string folder)
    {
        using (NewDisposeScope())
        {
            var tensors = result.PerRequest.ToDictionary(pair => Prefix + pair.Key, pair => tensor(pair.Value));
            if (result.Exposure is { } exposure)
            {
                tensors[Exposed] = tensor(exposure.Counts.ToArray());
            }

            if (result.Clicks is { } clicks)
            {
                tensors[Labels] = tensor(clicks.Labels.ToArray());
                tensors[Probabilities] = tensor(clicks.Probabilities.ToArray());
                tensors[Users] = tensor(clicks.Users.ToArray());
            }

            if (result.Values is { } values)
            {
                tensors[Truth] = tensor(values.Values.ToArray());
                tensors[Predicted] = tensor(values.Predictions.ToArray());
                tensors[Raters] = tensor(values.Users.ToArray());
            }

            SafetensorsFile.Write(Path.Combine(folder, PerRequest), tensors);
        }

        var stored = new Stored
        {
            Metrics = new OrderedDictionary<string, double>(result.Metrics),
            Requests = result.Requests,
            Protocol = result.Protocol,
            Notes = result.Notes,
            Seconds = result.Seconds,
            ExposureLength = result.Exposure?.ListLength,
            Slices = result.Slices,
        };
        AtomicFile.WriteText(Path.Combine(folder, Means), JsonSerializer.Serialize(stored, RunJson.Indented) + "\n");
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InputException">A file is missing or corrupt.</exception>
    public static EvaluationResult Read(string folder)
    {
        var path = Path.Combine(folder, Means);
        if (!File.Exists(path))
        {
            throw new InputException($"'{folder}' lacks {Means}; evaluate or train the run again.");
        }

        Stored stored;
        try
        {
            stored = JsonSerializer.Deserialize<Stored>(File.ReadAllText(path), RunJson.Indented)!;
        }
        catch (JsonException error)
        {
            throw new InputException($"'{path}' is corrupt: {error.Message}", error);
        }

        using var scope = NewDisposeScope();
        var tensors = SafetensorsFile.Read(Path.Combine(folder, PerRequest), out _);
        var ordered = stored.Metrics.Keys.Where(metric => tensors.ContainsKey(Prefix + metric));
        return new EvaluationResult
        {
            Metrics = stored.Metrics,
            PerRequest = new OrderedDictionary<string, float[]>(ordered.Select(metric => KeyValuePair.Create(metric, tensors[Prefix + metric].ToValues<float>()))),
            Clicks = tensors.TryGetValue(Labels, out var labels)
                ? new ClickPredictions(labels.ToValues<bool>(), tensors[Probabilities].ToValues<float>(), tensors[Users].ToValues<int>())
                : null,
            Values = tensors.TryGetValue(Truth, out var truth)
                ? new ValuePredictions(truth.ToValues<float>(), tensors[Predicted].ToValues<float>(), tensors[Raters].ToValues<int>())
                : null,
            Slices = stored.Slices,
            Requests = stored.Requests,
            Protocol = stored.Protocol,
            Notes = stored.Notes,
            Seconds = stored.Seconds,
            Exposure = stored.ExposureLength is { } length && tensors.TryGetValue(Exposed, out var counts) ? new Exposure(length, counts.ToValues<int>()) : null,
        };
    }
}
