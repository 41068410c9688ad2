using System.Text.Json.Serialization;

namespace Tastemaker.Data.Import.Prepared;

/// <summary>The JSON beside the Parquet files of a prepared data set.</summary>
internal sealed record PreparedManifest
{
    public const string Kind = "tastemaker-dataset";

    public const int CurrentVersion = 4;

    public required string Format { get; init; }

    public required int Version { get; init; }

    public required string Name { get; init; }

    public required int Users { get; init; }

    public required int Items { get; init; }

    public required int Interactions { get; init; }

    public required bool HasValues { get; init; }

    public required bool HasTimes { get; init; }

    public bool IsLabelled { get; init; }

    public bool IsOrdered { get; init; }

    public string? TitleFeature { get; init; }

    /// <summary>Fingerprint of vocabularies and interactions, checked on reading.</summary>
    public required string Fingerprint { get; init; }

    public IReadOnlyDictionary<string, string> RoleColumns { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> History { get; init; } = [];

    /// <summary>Features of "users", "items" and "interactions"; a table that is absent has no entry.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PreparedFeature>> Features { get; init; } = new Dictionary<string, IReadOnlyList<PreparedFeature>>();
}

/// <summary>A feature column: its name, its kind, and for sets of categories whether these have weights.</summary>
internal sealed record PreparedFeature(string Name, string Kind, bool Weighted = false);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PreparedManifest))]
internal sealed partial class PreparedJson : JsonSerializerContext;
