using System.Collections;
using System.Globalization;
using System.Text;

namespace Tastemaker.Configuration;

/// <summary>Names and values of options as text.</summary>
internal static class OptionText
{
    /// <summary>A property's or enum value's name in kebab-case: "LearningRate" to "learning-rate", "AdamW" to "adam-w".</summary>
    public static string Kebab(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var index = 0; index < name.Length; index++)
        {
            var starts = char.IsUpper(name[index]) && index > 0
                && (!char.IsUpper(name[index - 1]) || (index + 1 < name.Length && char.IsLower(name[index + 1])));
            text.Append(starts ? "-" : "").Append(char.ToLowerInvariant(name[index]));
        }

        return text.ToString();
    }

    /// <summary>A name without what distinguishes kebab-case, snake_case, camelCase and PascalCase.</summary>
    public static string Fold(string name) => string.Concat(name.Where(letter => letter is not ('-' or '_'))).ToLowerInvariant();

    /// <summary>A value as it is written in YAML.</summary>
    public static string Of(object? value) => value switch
    {
        null => "none",
        bool flag => flag ? "true" : "false",
        string text => text.Length == 0 ? "''" : text,
        Enum choice => Kebab(choice.ToString()),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Of))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
