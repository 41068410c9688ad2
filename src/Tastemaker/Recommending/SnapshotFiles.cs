using System.Text.Encodings.Web;
using System.Text.Json;
using Tastemaker.Data;
using Tastemaker.Native;
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
        File.WriteAllLines(Path.Combine(folder, Users), UserLines(snapshot));
        File.WriteAllLines(Path.Combine(folder, Items), ItemLines(snapshot));
        if (snapshot.Segments.All.Count > 0)
        {
            File.WriteAllLines(Path.Combine(folder, Segments), SegmentLines(snapshot));
        }
    }

    /// <summary>A line a user.</summary>
    public static IEnumerable<string> UserLines(RecommenderSnapshot snapshot) => snapshot.Users.Ids.Select(id => JsonSerializer.Serialize(id, Readable));

    /// <summary>A line an item.</summary>
    public static IEnumerable<string> ItemLines(RecommenderSnapshot snapshot) => Enumerable.Range(0, snapshot.Items.Count).Select(item => Line(snapshot, item));

    /// <summary>A line a feature that groups users.</summary>
    public static IEnumerable<string> SegmentLines(RecommenderSnapshot snapshot) =>
        snapshot.Segments.All.Select(segment => JsonSerializer.Serialize(new { feature = segment.Feature, categories = segment.Categories.Ids }, Readable));

    /// <summary>The histories and counts by name: arrays of int, long or float.</summary>
    public static IEnumerable<KeyValuePair<string, Array>> Numbers(RecommenderSnapshot snapshot)
    {
        yield return new("popularity", snapshot.Popularity);
        foreach (var numbers in Rows("history", snapshot.Histories).Concat(snapshot.WholeHistories is { } whole ? Rows("whole", whole) : []))
        {
            yield return numbers;
        }

        for (var place = 0; place < snapshot.Segments.All.Count; place++)
        {
            var (segment, name) = (snapshot.Segments.All[place], $"segments.{place}.");
            yield return new(name + "users", segment.Users);
            yield return new(name + "offsets", segment.Counts.Offsets.ToArray());
            yield return new(name + "items", segment.Counts.Columns.ToArray());
            yield return new(name + "counts", segment.Counts.Values.ToArray());
        }
    }

    /// <summary>The histories and counts as tensors, the caller's to dispose.</summary>
    public static IEnumerable<KeyValuePair<string, Tensor>> Tensors(RecommenderSnapshot snapshot) =>
        Numbers(snapshot).Select(numbers => KeyValuePair.Create(Prefix + numbers.Key, numbers.Value switch
        {
            int[] whole => tensor(whole),
            long[] whole => tensor(whole),
            var real => tensor((float[])real),
        }));

    /// <summary>Reads a snapshot.</summary>
    public static RecommenderSnapshot Read(string folder, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var segments = Path.Combine(folder, Segments);
        return Of(
            File.ReadLines(Path.Combine(folder, Users)),
            File.ReadLines(Path.Combine(folder, Items)),
            File.Exists(segments) ? File.ReadLines(segments) : [],
            new NumbersOfTensors(tensors));
    }

    /// <summary>A snapshot of lines and numbers.</summary>
    /// <param name="userLines">What <see cref="UserLines"/> gave.</param>
    /// <param name="itemLines">What <see cref="ItemLines"/> gave.</param>
    /// <param name="segmentLines">What <see cref="SegmentLines"/> gave.</param>
    /// <param name="numbers">What <see cref="Numbers"/> gave.</param>
    public static RecommenderSnapshot Of(IEnumerable<string> userLines, IEnumerable<string> itemLines, IEnumerable<string> segmentLines, ISnapshotNumbers numbers)
    {
        var items = itemLines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        var titles = items.Select(item => item.TryGetProperty("title", out var title) ? title.GetString() : null).ToArray();
        return new RecommenderSnapshot
        {
            Users = new Vocabulary(userLines.Select(line => JsonSerializer.Deserialize<string>(line)!)),
            Items = new Vocabulary(items.Select(item => item.GetProperty("id").GetString()!)),
            Titles = Array.TrueForAll(titles, title => title is null) ? null : titles,
            Categories = ItemCategories.Read(items),
            Popularity = numbers.Find<int>("popularity")!,
            Segments = SegmentsOf(segmentLines, items.Count, numbers),
            Histories = ReadRows("history", items.Count, numbers)!,
            WholeHistories = ReadRows("whole", items.Count, numbers),
        };
    }

    private static IEnumerable<KeyValuePair<string, Array>> Rows(string name, SparseRows rows)
    {
        yield return new($"{name}.offsets", rows.Offsets.ToArray());
        yield return new($"{name}.items", rows.Columns.ToArray());
        if (rows.HasValues)
        {
            yield return new($"{name}.values", rows.Values.ToArray());
        }

        if (rows.HasTimes)
        {
            yield return new($"{name}.microseconds", rows.Times.ToArray());
        }
    }

    private static SparseRows? ReadRows(string name, int items, ISnapshotNumbers numbers) => numbers.Find<int>($"{name}.offsets") is not { } offsets ? null : new SparseRows(
        offsets,
        numbers.Find<int>($"{name}.items")!,
        items,
        numbers.Find<float>($"{name}.values"),
        numbers.Find<long>($"{name}.microseconds") ?? Seconds(numbers.Find<long>($"{name}.times")));

    // How the first versions kept times.
    private static long[]? Seconds(long[]? times) => times is null ? null : Array.ConvertAll(times, Timestamps.OfSeconds);

    private static GroupPopularity SegmentsOf(IEnumerable<string> lines, int items, ISnapshotNumbers numbers) => new([.. lines.Select((line, place) =>
    {
        var (segment, name) = (JsonSerializer.Deserialize<JsonElement>(line), $"segments.{place}.");
        return new GroupCounts(
            segment.GetProperty("feature").GetString()!,
            new Vocabulary(segment.GetProperty("categories").EnumerateArray().Select(category => category.GetString()!)),
            numbers.Find<int>(name + "users")!,
            new SparseRows(numbers.Find<int>(name + "offsets")!, numbers.Find<int>(name + "items")!, items, numbers.Find<float>(name + "counts")));
    })]);

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

    private sealed class NumbersOfTensors(IReadOnlyDictionary<string, Tensor> tensors) : ISnapshotNumbers
    {
        public T[]? Find<T>(string name)
            where T : unmanaged => tensors.TryGetValue(Prefix + name, out var numbers) ? numbers.ToValues<T>() : null;
    }
}

/// <summary>The numbers of a saved <see cref="RecommenderSnapshot"/>, by name.</summary>
internal interface ISnapshotNumbers
{
    /// <summary>The numbers of a name; null where there are none.</summary>
    T[]? Find<T>(string name)
        where T : unmanaged;
}
