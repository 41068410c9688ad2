using System.Text.Encodings.Web;
using System.Text.Json;
using Tastemaker.Data;
using static TorchSharp.torch;

namespace Tastemaker.Recommending;

/// <summary>How a <see cref="RecommenderSnapshot"/> lies in a model folder: vocabularies as JSON lines, numbers among the weights.</summary>
internal static class SnapshotFiles
{
    /// <summary>One JSON text a user, in index order.</summary>
    public const string Users = "users.jsonl";

    /// <summary>One JSON object an item, in index order: "id", and "title" and "features" (lists of categories by name) where known.</summary>
    public const string Items = "items.jsonl";

    /// <summary>One JSON object a feature of users that groups them: "feature" and "categories".</summary>
    public const string Segments = "segments.jsonl";

    private const string Prefix = "snapshot.";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the vocabularies.</summary>
    public static void WriteVocabularies(RecommenderSnapshot snapshot, string folder)
    {
        File.WriteAllLines(Path.Combine(folder, Users), snapshot.Users.Ids.Select(id => JsonSerializer.Serialize(id, Readable)));
        File.WriteAllLines(Path.Combine(folder, Items), Enumerable.Range(0, snapshot.Items.Count).Select(item => Line(snapshot, item)));
        if (snapshot.Segments.All.Count > 0)
        {
            File.WriteAllLines(Path.Combine(folder, Segments), snapshot.Segments.All.Select(segment => JsonSerializer.Serialize(new { feature = segment.Feature, categories = segment.Categories.Ids }, Readable)));
        }
    }

    /// <summary>The histories and counts as tensors, the caller's to dispose.</summary>
    public static IEnumerable<KeyValuePair<string, Tensor>> Tensors(RecommenderSnapshot snapshot)
    {
        yield return new(Prefix + "popularity", tensor(snapshot.Popularity));
        yield return new(Prefix + "history.offsets", tensor(snapshot.Histories.Offsets.ToArray()));
        yield return new(Prefix + "history.items", tensor(snapshot.Histories.Columns.ToArray()));
        if (snapshot.Histories.HasValues)
        {
            yield return new(Prefix + "history.values", tensor(snapshot.Histories.Values.ToArray()));
        }

        if (snapshot.Histories.HasTimes)
        {
            yield return new(Prefix + "history.times", tensor(snapshot.Histories.Times.ToArray()));
        }

        for (var place = 0; place < snapshot.Segments.All.Count; place++)
        {
            var (segment, name) = (snapshot.Segments.All[place], $"{Prefix}segments.{place}.");
            yield return new(name + "users", tensor(segment.Users));
            yield return new(name + "offsets", tensor(segment.Counts.Offsets.ToArray()));
            yield return new(name + "items", tensor(segment.Counts.Columns.ToArray()));
            yield return new(name + "counts", tensor(segment.Counts.Values.ToArray()));
        }
    }

    /// <summary>Reads a snapshot.</summary>
    public static RecommenderSnapshot Read(string folder, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var users = new Vocabulary(File.ReadLines(Path.Combine(folder, Users)).Select(line => JsonSerializer.Deserialize<string>(line)!));
        var items = File.ReadLines(Path.Combine(folder, Items)).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        var titles = items.Select(item => item.TryGetProperty("title", out var title) ? title.GetString() : null).ToArray();
        return new RecommenderSnapshot
        {
            Users = users,
            Items = new Vocabulary(items.Select(item => item.GetProperty("id").GetString()!)),
            Titles = Array.TrueForAll(titles, title => title is null) ? null : titles,
            Categories = ItemCategories.Read(items),
            Popularity = Numbers<int>(tensors, "popularity")!,
            Segments = ReadSegments(folder, items.Count, tensors),
            Histories = new SparseRows(
                Numbers<int>(tensors, "history.offsets")!,
                Numbers<int>(tensors, "history.items")!,
                items.Count,
                Numbers<float>(tensors, "history.values"),
                Numbers<long>(tensors, "history.times")),
        };
    }

    private static Segments ReadSegments(string folder, int items, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var path = Path.Combine(folder, Segments);
        return !File.Exists(path) ? Recommending.Segments.None : new Segments([.. File.ReadLines(path).Select((line, place) =>
        {
            var (segment, name) = (JsonSerializer.Deserialize<JsonElement>(line), $"segments.{place}.");
            return new Segment(
                segment.GetProperty("feature").GetString()!,
                new Vocabulary(segment.GetProperty("categories").EnumerateArray().Select(category => category.GetString()!)),
                Numbers<int>(tensors, name + "users")!,
                new SparseRows(Numbers<int>(tensors, name + "offsets")!, Numbers<int>(tensors, name + "items")!, items, Numbers<float>(tensors, name + "counts")));
        })]);
    }

    private static string Line(RecommenderSnapshot snapshot, int item)
    {
        var line = new Dictionary<string, object> { ["id"] = snapshot.Items[item] };
        if (snapshot.Titles?[item] is { } title)
        {
            line["title"] = title;
        }

        if (ItemCategories.OfItem(snapshot.Categories, item) is { Count: > 0 } features)
        {
            line["features"] = features;
        }

        return JsonSerializer.Serialize(line, Readable);
    }

    private static T[]? Numbers<T>(IReadOnlyDictionary<string, Tensor> tensors, string name)
        where T : unmanaged =>
        tensors.TryGetValue(Prefix + name, out var numbers) ? numbers.data<T>().ToArray() : null;
}
