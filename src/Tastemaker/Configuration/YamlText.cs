using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tastemaker.Configuration;

/// <summary>Writes JSON values as block YAML for people: maps on lines, lists of scalars inline.</summary>
internal static class YamlText
{
    /// <summary>The text of a map, with an optional comment after each line by its dotted path.</summary>
    public static string Of(JsonObject map, Func<string, string?>? comment = null)
    {
        var text = new StringBuilder();
        WriteMap(text, map, 0, "", comment);
        return text.ToString();
    }

    private static void WriteMap(StringBuilder text, JsonObject map, int depth, string path, Func<string, string?>? comment)
    {
        foreach (var (key, value) in map)
        {
            text.Append(' ', depth * 2);
            WriteEntry(text, key, value, depth, path + key, comment);
        }
    }

    private static void WriteEntry(StringBuilder text, string key, JsonNode? value, int depth, string path, Func<string, string?>? comment)
    {
        text.Append(Scalar(key)).Append(':');
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                text.Append('\n');
                WriteMap(text, map, depth + 1, path + ".", comment);
                break;
            case JsonArray list when list.Any(element => element is JsonObject):
                text.Append('\n');
                foreach (var element in list)
                {
                    text.Append(' ', (depth * 2) + 2).Append("- ").Append(Inline(element)).Append('\n');
                }

                break;
            default:
                text.Append(' ').Append(Inline(value)).Append(comment?.Invoke(path) is { } note ? $"  # {note}" : "").Append('\n');
                break;
        }
    }

    private static string Inline(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject map => $"{{{string.Join(", ", map.Select(entry => $"{Scalar(entry.Key)}: {Inline(entry.Value)}"))}}}",
        JsonArray list => $"[{string.Join(", ", list.Select(Inline))}]",
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => Scalar(scalar.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    // A plain text must not read back as a number, a boolean, null or structure; JSON's quoted form is YAML's double-quoted form.
    private static string Scalar(string text)
    {
        var plain = text.Length > 0 && char.IsLetter(text[0]) && text.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/' or '@' or '(' or ')' or '=')
            && text.ToLowerInvariant() is not ("true" or "false" or "yes" or "no" or "on" or "off" or "null" or "none" or "y" or "n");
        return plain ? text : $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
    }
}
