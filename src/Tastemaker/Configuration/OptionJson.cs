using System.Collections;
using System.Text.Json.Nodes;
using Tastemaker.Options;

namespace Tastemaker.Configuration;

/// <summary>Records of options as JSON, every option in schema order, so that equal options make equal texts.</summary>
internal static class OptionJson
{
    /// <summary>All options of a record.</summary>
    public static JsonObject Of(object record)
    {
        var json = new JsonObject();
        foreach (var option in OptionSchema.Of(record.GetType()).Options)
        {
            json[option.Name] = Value(option.Property.GetValue(record));
        }

        return json;
    }

    /// <summary>The value of an option.</summary>
    public static JsonNode? Value(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        char character => JsonValue.Create(character.ToString()),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        uint number => JsonValue.Create(number),
        ulong number => JsonValue.Create(number),
        float number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        Enum choice => JsonValue.Create(OptionText.Kebab(choice.ToString())),
        IReadOnlyDictionary<string, string> map => new JsonObject(
            map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value)))),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Value)]),
        _ => throw new NotSupportedException($"Options of type {value.GetType().Name} are not supported."),
    };

    /// <summary>The values that were derived from the data, in a sentence; null where none were.</summary>
    public static string? Derived(ModelOptions given, ModelOptions resolved)
    {
        var (before, after) = (Of(given), Of(resolved));
        var derived = after.Where(option => !JsonNode.DeepEquals(before[option.Key], option.Value)).Select(option => $"{option.Key} {option.Value}").ToList();
        return derived.Count > 0 ? $"Derived from the training data: {string.Join(", ", derived)}." : null;
    }
}
