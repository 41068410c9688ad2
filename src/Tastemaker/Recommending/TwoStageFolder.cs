using System.Text.Json;
using System.Text.Json.Nodes;
using Tastemaker.Artifacts;
using Tastemaker.Systems;

namespace Tastemaker.Recommending;

/// <summary>A <see cref="TwoStageRecommender"/> on disk: two-stage.json, and the folders of the two models.</summary>
internal static class TwoStageFolder
{
    /// <summary>The file that says what the folder holds.</summary>
    public const string Card = "two-stage.json";

    private const string Format = "tastemaker-two-stage";
    private const string Retriever = "retriever";
    private const string Ranker = "ranker";

    /// <summary>Whether a folder holds a pipeline.</summary>
    public static bool IsOne(string folder) => File.Exists(Path.Combine(folder, Card));

    /// <summary>Writes a folder, or replaces the one that is there.</summary>
    /// <exception cref="ArgumentException">A stage is no trained system.</exception>
    public static void Write(TwoStageRecommender recommender, string folder) => AtomicFolder.Write(folder, target =>
    {
        RecommenderFolder.Write(Trained(recommender.Retriever), Path.Combine(target, Retriever));
        RecommenderFolder.Write(Trained(recommender.Ranker), Path.Combine(target, Ranker));
        var card = new JsonObject { ["format"] = Format, ["version"] = 1, ["library"] = LibraryVersion.Text, ["candidates"] = recommender.Candidates };
        AtomicFile.WriteText(Path.Combine(target, Card), card.ToJsonString(JsonText.Indented) + "\n");
    });

    /// <summary>Reads a folder.</summary>
    /// <exception cref="InputException">It is corrupt, of a newer version, or a stage cannot be read.</exception>
    public static TwoStageRecommender Read(string folder, Func<string, SystemInfo> find)
    {
        var path = Path.Combine(folder, Card);
        int candidates;
        try
        {
            var card = JsonNode.Parse(File.ReadAllText(path))!;
            candidates = (string?)card["format"] == Format && (int)card["version"]! == 1 && (int)card["candidates"]! > 0 ? (int)card["candidates"]! : 0;
        }
        catch (Exception error) when (error is JsonException or NullReferenceException or InvalidOperationException or FormatException)
        {
            throw new InputException($"'{path}' is corrupt. Save the recommender again.", error);
        }

        if (candidates == 0)
        {
            throw new InputException($"'{path}' does not describe two stages as this library ({LibraryVersion.Text}) writes them; update it, or save the recommender again.");
        }

        var retriever = RecommenderFolder.Read(Path.Combine(folder, Retriever), find);
        try
        {
            return new TwoStageRecommender(retriever, RecommenderFolder.Read(Path.Combine(folder, Ranker), find), candidates);
        }
        catch
        {
            retriever.Dispose();
            throw;
        }
    }

    private static TrainedRecommender Trained(IRecommender stage) => stage as TrainedRecommender
        ?? throw new ArgumentException($"A stage that is a {stage.GetType().Name} cannot be saved; only trained systems can.", nameof(stage));
}
