using System.Text.Json;
using System.Text.Json.Nodes;
using Tastemaker.Artifacts;
using Tastemaker.Inputs;
using Tastemaker.Systems;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Recommending;

/// <summary>
/// A trained system on disk: model.json (what it is, with checksums of the rest), model.safetensors (numbers), users.jsonl and items.jsonl.
/// </summary>
internal static class RecommenderFolder
{
    /// <summary>The file that says what the folder holds.</summary>
    public const string Card = "model.json";

    private const string Weights = "model.safetensors";
    private const string Prefix = "model.";
    private const string Format = "tastemaker-model";
    private const int Version = 1; // raised when older libraries could not read what newer ones write

    /// <summary>The folder itself, or its folder "model" where it is one of a run.</summary>
    public static string In(string folder) =>
        !File.Exists(Path.Combine(folder, Card)) && Path.Combine(folder, "model") is var inner && File.Exists(Path.Combine(inner, Card)) ? inner : folder;

    /// <summary>Whether a folder holds a recommender.</summary>
    public static bool IsOne(string folder) => File.Exists(Path.Combine(folder, Card));

    /// <summary>Writes a folder, or replaces the one that is there.</summary>
    public static void Write(TrainedRecommender recommender, string folder) => AtomicFolder.Write(folder, target =>
    {
        var shape = RecommenderCard.Of(recommender.Model.Shape);
        using (NewDisposeScope())
        {
            var state = recommender.Model.State().Select(pair => KeyValuePair.Create(Prefix + pair.Key, pair.Value));
            var tensors = state.Concat(SnapshotFiles.Tensors(recommender.Snapshot)).ToDictionary();
            var saved = new SavedInputs(target, shape, tensors);
            foreach (var input in recommender.Model.Shape.Inputs)
            {
                input.Save(saved);
            }

            SafetensorsFile.Write(Path.Combine(target, Weights), tensors, new Dictionary<string, string> { ["system"] = recommender.System });
        }

        SnapshotFiles.WriteVocabularies(recommender.Snapshot, target);
        var card = RecommenderCard.Of(recommender, Format, Version, shape);
        card["sha256"] = Checksums(target);
        AtomicFile.WriteText(Path.Combine(target, Card), card.ToJsonString(JsonText.Indented) + "\n");
    });

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">What <see cref="Write"/> wrote.</param>
    /// <param name="find">The catalog's look-up of systems by id.</param>
    /// <exception cref="InputException">The folder holds no model, a corrupt one, or one of a newer version.</exception>
    public static TrainedRecommender Read(string folder, Func<string, SystemInfo> find)
    {
        var card = ReadCard(folder);
        Dictionary<string, Tensor> tensors = [];
        try
        {
            CheckFiles(card, folder);
            var info = find((string)card["system"]!);
            var origin = RecommenderCard.Origin(card, info, Path.Combine(folder, Card));
            tensors = SafetensorsFile.Read(Path.Combine(folder, Weights), out _).ToDictionary();
            var saved = new SavedInputs(folder, card["shape"]!.AsObject(), tensors);
            var inputs = info.Inputs.Select(input => input.Restore(saved)).OfType<IFittedInput>();
            var model = info.Create(origin.Options, RecommenderCard.Shape(card) with { Inputs = [.. inputs] });
            model.Restore(tensors.Where(pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[Prefix.Length..], pair => pair.Value));
            return new TrainedRecommender(info, model, SnapshotFiles.Read(folder, tensors), origin);
        }
        catch (Exception error) when (error is NullReferenceException or InvalidOperationException or FormatException or JsonException or KeyNotFoundException)
        {
            throw new InputException($"'{folder}' is not a model this library can read: {Card} or a file beside it lacks something. Save the model again.", error);
        }
        finally
        {
            // Not by a scope: the model's own tensors are made between reading these and taking them over.
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }
        }
    }

    private static JsonObject Checksums(string folder) => new(
        Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => KeyValuePair.Create(Path.GetFileName(file), (JsonNode?)Checksum.Of(file))));

    private static JsonNode ReadCard(string folder)
    {
        var path = Path.Combine(folder, Card);
        if (!File.Exists(path))
        {
            throw new InputException($"'{folder}' holds no model: there is no {Card}. Give the folder that 'taste train' wrote, or its 'model' folder.");
        }

        return RecommenderCard.Parse(File.ReadAllText(path), path, Format, Version);
    }

    private static void CheckFiles(JsonNode card, string folder)
    {
        var problems = new List<string>();
        foreach (var (file, expected) in card["sha256"]!.AsObject())
        {
            var path = Path.Combine(folder, file);
            if (!File.Exists(path))
            {
                problems.Add($"'{path}' is missing. Copy the model folder again as a whole, or train it again.");
            }
            else if (Checksum.Of(path) != expected!.ToString())
            {
                problems.Add($"'{path}' is corrupt: its SHA-256 is not the one {Card} states. Copy the model again from its source, or train it again.");
            }
        }

        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }
}
