using System.Text.Json;
using System.Text.Json.Serialization;
using Tastemaker.Artifacts;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Native;
using Tastemaker.Texts;
using static TorchSharp.torch;

namespace Tastemaker.Inputs;

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

    /// <summary>Writes a space.</summary>
    public static void Write(FeatureSpace space, SavedInputs saved)
    {
        saved.Write(Schema, JsonSerializer.Serialize(space.Schema.Fields.Select(field => Line.Of(field, space.Schema)), Json) + "\n");
        foreach (var (name, numbers) in Tensors("users", space.Users).Concat(Tensors("items", space.Items)).Append(new(Prefix + "history", tensor(space.HistoryIndexes))))
        {
            saved.Tensors[name] = numbers;
        }
    }

    /// <summary>Reads a space; null where there is none.</summary>
    public static FittedFields? Read(SavedInputs saved)
    {
        if (saved.Read(Schema) is not { } text)
        {
            return null;
        }

        var lines = JsonSerializer.Deserialize<Line[]>(text, Json)!;
        var schema = new FeatureSchema([.. lines.Select(line => line.Field())], lines.Where(line => line.Hidden).Select(line => line.Name).ToHashSet());
        return new FittedFields(new FeatureSpace(
            schema,
            Rows("users", schema, FieldSource.User, saved.Tensors),
            Rows("items", schema, FieldSource.Item, saved.Tensors),
            saved.Tensors[Prefix + "history"].ToValues<int>()));
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Tensors(string name, EncodedFeatures rows)
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

    private static EncodedFeatures Rows(string name, FeatureSchema schema, FieldSource source, IDictionary<string, Tensor> tensors)
    {
        T[] Numbers<T>(string part)
            where T : unmanaged => tensors[$"{Prefix}{name}.{part}"].ToValues<T>();

        var many = schema.Of(source, FieldKind.Categories).Select((field, place) => new SparseRows(
            Numbers<int>($"many.{place}.offsets"), Numbers<int>($"many.{place}.indexes"), field.Size, Numbers<float>($"many.{place}.weights")));
        return new EncodedFeatures(Numbers<int>("count")[0], Numbers<int>("categories"), [.. many], Numbers<float>("numbers"));
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
