using System.Text.Json;
using System.Text.Json.Nodes;
using Tastemaker.Artifacts;
using Tastemaker.Configuration;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Recommending;

/// <summary>What a saved recommender says of itself beside its numbers, in JSON: system, sizes, options, data and split.</summary>
internal static class RecommenderCard
{
    /// <summary>The card of a recommender.</summary>
    /// <param name="recommender">The recommender.</param>
    /// <param name="format">Name of the format that the card stands for.</param>
    /// <param name="version">Its version, raised when older libraries could not read what newer ones write.</param>
    /// <param name="shape">The shape as <see cref="Of(ModelShape)"/> began it and inputs completed it; null for the sizes alone.</param>
    public static JsonObject Of(TrainedRecommender recommender, string format, int version, JsonObject? shape = null)
    {
        var origin = recommender.Origin;
        return new JsonObject
        {
            ["format"] = format,
            ["version"] = version,
            ["library"] = origin.Library,
            ["system"] = recommender.System,
            ["shape"] = shape ?? Of(recommender.Model.Shape),
            ["options"] = OptionJson.Of(origin.Options),
            ["training"] = OptionJson.Of(origin.Training),
            ["best-epoch"] = origin.BestEpoch,
            ["data"] = new JsonObject { ["name"] = origin.Data, ["fingerprint"] = origin.DataFingerprint, ["store-until"] = origin.StoreUntil },
            ["split"] = new JsonObject { ["description"] = origin.Split, ["fingerprint"] = origin.SplitFingerprint },
            ["recommends-seen"] = origin.RecommendsSeen,
        };
    }

    /// <summary>Reads the text of a card.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="path">Where it is from, for messages.</param>
    /// <param name="format">The format it must be of.</param>
    /// <param name="newest">The newest version that can be read.</param>
    /// <exception cref="InputException">It is no card, or one of a newer version.</exception>
    public static JsonNode Parse(string text, string path, string format, int newest)
    {
        JsonNode? card;
        try
        {
            card = JsonNode.Parse(text);
        }
        catch (JsonException error)
        {
            throw new InputException($"'{path}' is corrupt: it is not JSON. Copy the model again from its source, or train it again.", error);
        }

        if (card is not JsonObject || card["format"]?.ToString() != format || card["version"] is not JsonValue version || !version.TryGetValue(out int number))
        {
            throw new InputException($"'{path}' does not describe a model of this library.");
        }

        return number <= newest
            ? card
            : throw new InputException(
                $"'{path}' is of format version {number}, made by library version {card["library"]}; this library ({LibraryVersion.Text}) reads versions up to {newest}. Update it.");
    }

    /// <summary>The sizes that a card states; fitted inputs are not among them.</summary>
    public static ModelShape Shape(JsonNode card)
    {
        var shape = card["shape"]!;
        return new ModelShape((int)shape["users"]!, (int)shape["items"]!, (float)shape["minimum"]!, (float)shape["maximum"]!);
    }

    /// <summary>The options and fingerprints that a card states.</summary>
    /// <exception cref="InputException">An option is not known or out of range.</exception>
    public static RecommenderOrigin Origin(JsonNode card, SystemInfo info, string path)
    {
        var problems = new List<string>();
        var binder = new OptionBinder(problems);
        object Options(Type type, string section)
        {
            var source = ConfigurationSource.FromText(path, card[section]!.ToJsonString());
            return binder.Bind(type, source.Entries(source.Root), section).Record;
        }

        var origin = new RecommenderOrigin
        {
            Options = (ModelOptions)Options(info.OptionsType, "options"),
            Training = (TrainingOptions)Options(typeof(TrainingOptions), "training"),
            BestEpoch = (int?)card["best-epoch"],
            Data = card["data"]!["name"]!.ToString(),
            DataFingerprint = card["data"]!["fingerprint"]!.ToString(),
            StoreUntil = (long?)card["data"]!["store-until"],
            Split = card["split"]!["description"]!.ToString(),
            SplitFingerprint = card["split"]!["fingerprint"]!.ToString(),
            RecommendsSeen = (bool?)card["recommends-seen"],
            Library = card["library"]!.ToString(),
        };
        return problems.Count == 0 ? origin : throw new InputException(problems);
    }

    /// <summary>The sizes of a model, to which its fitted inputs add what they have to say.</summary>
    public static JsonObject Of(ModelShape shape) =>
        new() { ["users"] = shape.Users, ["items"] = shape.Items, ["minimum"] = shape.MinimumValue, ["maximum"] = shape.MaximumValue };
}
