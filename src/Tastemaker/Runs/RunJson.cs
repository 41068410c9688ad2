using System.Text.Json;
using System.Text.Json.Serialization;
using Tastemaker.Artifacts;

namespace Tastemaker.Runs;

/// <summary>How the records of a run are written as JSON: kebab-case names, enums by name, NaN and infinities allowed.</summary>
internal static class RunJson
{
    /// <summary>For files read by people.</summary>
    public static JsonSerializerOptions Indented { get; } = With(JsonText.Indented);

    /// <summary>For JSON lines.</summary>
    public static JsonSerializerOptions Line { get; } = With(JsonText.Line);

    private static JsonSerializerOptions With(JsonSerializerOptions text) => new(text)
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };
}
