using System.Text.Json;
using System.Text.Json.Serialization;
using Tastemaker.Artifacts;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Native;
using Tastemaker.Texts;
using static TorchSharp.torch;

namespace Tastemaker.Recommending;

/// <summary>How a <see cref="FeatureSpace"/> lies in a model folder: the fields in features.json, encoded users and items among the weights.</summary>
internal static class FeatureFiles
{
    /// <summary>The fields: what each reads, its categories, its statistics.</summary>
    public const string Schema = "features.json";

    private const string Prefix = "features.";

    private static readonly JsonSerializerOptions Json = new(JsonText.Indented)
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Writes the fields.</summary>
    public static void WriteSchema(FeatureSchema schema, string folder) => AtomicFile.WriteText(
        Path.Combine(folder, Schema), JsonSerializer.Serialize(schema.Fields.Select(field => Line.Of(field, schema)), Json) + "\n");

    /// <summary>The encoded users and items as tensors, the caller's to dispose.</summary>
    public static IEnumerable<KeyValuePair<string, Tensor>> Tensors(FeatureSpace space) =>
        [.. Tensors("users", space.Users), .. Tensors("items", space.Items), new(Prefix + "history", tensor(space.HistoryIndexes))];

    /// <summary>Reads a space; null where the folder holds none.</summary>
    public static FeatureSpace? Read(string folder, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var path = Path.Combine(folder, Schema);
        if (!File.Exists(path))
        {
            return null;
        }

        var lines = JsonSerializer.Deserialize<Line[]>(File.ReadAllText(path), Json)!;
        var schema = new FeatureSchema([.. lines.Select(line => line.Field())], lines.Where(line => line.Hidden).Select(line => line.Name).ToHashSet());
        return new FeatureSpace(
            schema,
            Rows("users", schema, FieldSource.User, tensors),
            Rows("items", schema, FieldSource.Item, tensors),
            tensors[Prefix + "history"].ToValues<int>());
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Tensors(string name, EncodedRows rows)
    {
        yield return new($"{Prefix}{name}.count", tensor(rows.RowCount));
        yield return new($"{Prefix}{name}.categories", tensor(rows.Categories));
        yield return new($"{Prefix}{name}.numbers", tensor(rows.Numbers));
        for (var field = 0; field < rows.Many.Count; field++)
        {
            yield return new($"{Prefix}{name}.many.{field}.offsets", tensor(rows.Many[field].Offsets.ToArray()));
            yield return new($"{Prefix}{name}.many.{field}.indexes", tensor(rows.Many[field].Columns.ToArray()));
            yield return new($"{Prefix}{name}.many.{field}.weights", tensor(rows.Many[field].Values.ToArray()));
        }
    }

    private static EncodedRows Rows(string name, FeatureSchema schema, FieldSource source, IReadOnlyDictionary<string, Tensor> tensors)
    {
        T[] Numbers<T>(string part)
            where T : unmanaged => tensors[$"{Prefix}{name}.{part}"].ToValues<T>();

        var many = schema.Of(source, FieldKind.Categories).Select((field, place) => new SparseRows(
            Numbers<int>($"many.{place}.offsets"), Numbers<int>($"many.{place}.indexes"), field.Size, Numbers<float>($"many.{place}.weights")));
        return new EncodedRows(Numbers<int>("count")[0], Numbers<int>("categories"), [.. many], Numbers<float>("numbers"));
    }

    private sealed record Line
    {
        public required string Name { get; init; }

        public required FieldSource Source { get; init; }

        public required FieldKind Kind { get; init; }

        public string? Column { get; init; }

        public bool Hidden { get; init; }

        public bool Mean { get; init; }

        public int Last { get; init; }

        public int Buckets { get; init; }

        public NumericScale? Scale { get; init; }

        public int[]? Crossed { get; init; }

        public int[]? Sizes { get; init; }

        public ulong[]? Combinations { get; init; }

        public IReadOnlyList<string>? Categories { get; init; }

        public WordBag? Words { get; init; }

        public static Line Of(FeatureField field, FeatureSchema schema) => new()
        {
            Name = field.Name,
            Source = field.Source,
            Kind = field.Kind,
            Column = field.Column,
            Hidden = schema.Hidden.Contains(field.Name),
            Mean = field.IsMean,
            Last = field.Last,
            Buckets = field.Vocabulary?.Buckets ?? field.Cross?.Buckets ?? 0,
            Scale = field.Scale,
            Crossed = field.Cross is null ? null : [.. field.Cross.Fields],
            Sizes = field.Cross?.Sizes.ToArray(),
            Combinations = field.Cross?.Known,
            Categories = field.Vocabulary?.Known.Ids,
            Words = field.Words,
        };

        public FeatureField Field() => new()
        {
            Name = Name,
            Source = Source,
            Kind = Kind,
            Column = Column,
            IsMean = Mean,
            Last = Last,
            Vocabulary = Categories is null ? null : new FieldVocabulary(new Vocabulary(Categories), Buckets),
            Scale = Scale,
            Words = Words,
            Cross = Crossed is null ? null : new CrossVocabulary(Crossed, Sizes!, Combinations!, Buckets),
        };
    }
}
