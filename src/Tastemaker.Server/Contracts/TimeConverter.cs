using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tastemaker.Data;

namespace Tastemaker.Server.Contracts;

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
