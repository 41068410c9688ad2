using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Tastemaker.Artifacts;

/// <summary>How JSON is written to files.</summary>
internal static class JsonText
{
    /// <summary>For people: indented, letters of all scripts as they are.</summary>
    public static JsonSerializerOptions Indented { get; } = Options(indented: true);

    /// <summary>One line, for JSON lines.</summary>
    public static JsonSerializerOptions Line { get; } = Options(indented: false);

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        WriteIndented = indented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };
}
