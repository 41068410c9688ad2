using System.Text.Json.Nodes;
using Onnx;
using Tastemaker.Artifacts;
using Tastemaker.Catalog;
using Tastemaker.Inputs;
using Tastemaker.Recommending;
using Tastemaker.Systems;

namespace Tastemaker.Onnx.Files;

/// <summary>
/// What an exported model carries beside its graph, so that the file alone is a recommender: the card (<c>tastemaker.card</c>, JSON), users, items
/// and groups of users (JSON lines), popularity and histories (numbers), all but the card by <see cref="MetadataText"/>.
/// </summary>
internal sealed record RecommenderMetadata
{
    private const string Format = "tastemaker-onnx";
    private const int Version = 1;
    private const string Prefix = "tastemaker.";

    /// <summary>The system's entry in the catalog, answering what its graph can answer.</summary>
    public required SystemInfo Info { get; init; }

    /// <summary>Sizes of the data.</summary>
    public required ModelShape Shape { get; init; }

    /// <summary>Options and fingerprints.</summary>
    public required RecommenderOrigin Origin { get; init; }

    /// <summary>Vocabularies, histories, counts.</summary>
    public required RecommenderSnapshot Snapshot { get; init; }

    /// <summary>Most numbers the graph holds at a time for one request and one item.</summary>
    public required int Breadth { get; init; }

    /// <summary>Adds what a recommender carries to a model.</summary>
    public static void Add(TrainedRecommender recommender, bool readsHistories, int breadth, ModelProto model)
    {
        var card = RecommenderCard.Of(recommender, Format, Version);
        card["reads-histories"] = readsHistories;
        card["breadth"] = breadth;
        Put("card", card.ToJsonString(JsonText.Indented));
        Put("users", MetadataText.Of(SnapshotFiles.UserLines(recommender.Snapshot)));
        Put("items", MetadataText.Of(SnapshotFiles.ItemLines(recommender.Snapshot)));
        Put("segments", MetadataText.Of(SnapshotFiles.SegmentLines(recommender.Snapshot)));
        foreach (var (name, numbers) in SnapshotFiles.Numbers(recommender.Snapshot))
        {
            Put(name, numbers switch
            {
                int[] whole => MetadataText.Of<int>(whole),
                long[] whole => MetadataText.Of<long>(whole),
                _ => MetadataText.Of<float>((float[])numbers),
            });
        }

        void Put(string key, string value) => model.MetadataProps.Add(new StringStringEntryProto { Key = Prefix + key, Value = value });
    }

    /// <summary>Reads what <see cref="Add"/> added.</summary>
    /// <exception cref="InputException">The file is of a newer version, or of a system that this library does not know.</exception>
    public static RecommenderMetadata Read(IReadOnlyDictionary<string, string> metadata, string path)
    {
        var card = RecommenderCard.Parse(metadata[Prefix + "card"], path, Format, Version);
        var info = SystemCatalog.Find((string)card["system"]!);
        return new RecommenderMetadata
        {
            // By a name that tells the two apart where notes say what a system does not read.
            Info = info with { Name = $"{info.Name} (ONNX)", Answers = Answered(info, (bool)card["reads-histories"]!) },
            Shape = RecommenderCard.Shape(card),
            Origin = RecommenderCard.Origin(card, info, path),
            Breadth = (int)card["breadth"]!,
            Snapshot = SnapshotFiles.Of(
                MetadataText.Lines(metadata[Prefix + "users"]),
                MetadataText.Lines(metadata[Prefix + "items"]),
                MetadataText.Lines(metadata[Prefix + "segments"]),
                new NumbersOfMetadata(metadata)),
        };
    }

    /// <summary>What the graph of a system answers: features never, histories where they are an input.</summary>
    public static Capabilities Answered(SystemInfo info, bool readsHistories) => info.Answers & (readsHistories ? Capabilities.Everyone : Capabilities.KnownUsers);

    private sealed class NumbersOfMetadata(IReadOnlyDictionary<string, string> metadata) : ISnapshotNumbers
    {
        public T[]? Find<T>(string name)
            where T : unmanaged => metadata.TryGetValue(Prefix + name, out var text) ? MetadataText.Numbers<T>(text) : null;
    }
}
