using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tastemaker.Server.Contracts;

/// <summary>How answers are written: letters of all scripts as they are. They are JSON documents and never part of a web page.</summary>
internal static class ApiJson
{
    /// <summary>The types with these settings.</summary>
    public static ServerJson Types { get; } =
        new(new JsonSerializerOptions(ServerJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = null });
}
