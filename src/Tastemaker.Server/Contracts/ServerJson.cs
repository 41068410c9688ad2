using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tastemaker.Data;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Maps;

namespace Tastemaker.Server.Contracts;

/// <summary>How the API's JSON is read and written, without reflection. A property that is not known is refused: it may be a mistyped one.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    Converters = [typeof(TimeConverter)],
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(RecommendationRequest))]
[JsonSerializable(typeof(RecommendationResponse))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(BatchResponse))]
[JsonSerializable(typeof(ForgetResponse))]
[JsonSerializable(typeof(InteractionList))]
[JsonSerializable(typeof(Interaction))]
[JsonSerializable(typeof(Interaction[]))]
[JsonSerializable(typeof(AppendReceipt))]
[JsonSerializable(typeof(EntityBody))]
[JsonSerializable(typeof(ItemPage))]
[JsonSerializable(typeof(FeatureList))]
[JsonSerializable(typeof(HistoryResponse))]
[JsonSerializable(typeof(ModelResponse))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(ItemMap))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(int?))]
internal sealed partial class ServerJson : JsonSerializerContext;

/// <summary>How answers are written: letters of all scripts as they are. They are JSON documents and never part of a web page.</summary>
internal static class ApiJson
{
    /// <summary>The types with these settings.</summary>
    public static ServerJson Types { get; } =
        new(new JsonSerializerOptions(ServerJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = null });
}

/// <summary>Times as files have them: dates and times, UTC where they name no zone, and Unix numbers, as text or as JSON numbers.</summary>
internal sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => reader.TryGetInt64(out var whole) ? whole.ToString(CultureInfo.InvariantCulture) : reader.GetDouble().ToString("R", CultureInfo.InvariantCulture),
            _ => "",
        };
        return Timestamps.Parse(text) is { } time && Timestamps.Moment(time) is var moment && Timestamps.Of(moment) == time
            ? moment
            : throw new JsonException($"'{text[..Math.Min(text.Length, 40)]}' is no time between the years 1 and 9999. Write 2024-05-06T12:00:00Z, 2024-05-06 12:00:00 (UTC) or Unix seconds or milliseconds.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("O", CultureInfo.InvariantCulture));
}

/// <summary>Why a request was not answered (RFC 9457).</summary>
/// <param name="Type">Names the kind of problem.</param>
/// <param name="Title">The kind in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong and what to do.</param>
/// <param name="Errors">All problems, where there are several kinds of one thing.</param>
/// <param name="TraceId">To be found in the server's traces and logs.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail, IReadOnlyList<string>? Errors = null, string? TraceId = null);
