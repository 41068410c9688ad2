using System.Globalization;
using Tastemaker.Naming;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Configuration;

/// <summary>Reads one value of an option.</summary>
internal static class ScalarText
{
    /// <summary>The value, or the problem with it.</summary>
    public static (object? Value, string? Problem) Read(YamlScalarNode node, OptionInfo option)
    {
        var text = node.Value ?? "";
        // "none" is a word that texts and choices may give a meaning of their own.
        var isNone = text is "" or "null" or "~" || (text == "none" && option.Kind != OptionKind.Text && !option.Choices.Contains(text));
        if (node.Style is ScalarStyle.Plain && isNone)
        {
            return option.IsOptional ? (null, null) : (null, $"{option.Name} has no value; it takes {option.TypeText}.");
        }

        return option.Kind switch
        {
            OptionKind.Text => Text(text, option),
            OptionKind.Switch => Switch(text, option),
            OptionKind.Choice => Choice(text, option),
            OptionKind.Integer => Integer(text, option),
            _ => Number(text, option),
        };
    }

    private static (object?, string?) Text(string text, OptionInfo option)
    {
        if (option.ElementType == typeof(string))
        {
            return (text, null);
        }

        var character = text is "\\t" or "tab" ? "\t" : text;
        return character.Length == 1 ? (character[0], null) : (null, $"{option.Name} is '{text}'; it must be one character.");
    }

    private static (object?, string?) Switch(string text, OptionInfo option) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" => (true, null),
        "false" or "no" or "off" => (false, null),
        _ => (null, $"{option.Name} is '{text}'; it must be true or false."),
    };

    private static (object?, string?) Choice(string text, OptionInfo option)
    {
        var index = option.Choices.ToList().FindIndex(choice => OptionText.Fold(choice) == OptionText.Fold(text));
        return index >= 0
            ? (Enum.Parse(option.ElementType, Enum.GetNames(option.ElementType)[index]), null)
            : (null, $"{option.Name} is '{text}'; it must be {option.TypeText}.{NearestName.DidYouMean(text, option.Choices)}");
    }

    private static (object?, string?) Integer(string text, OptionInfo option)
    {
        var readable = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        if (!readable || number != decimal.Truncate(number))
        {
            return (null, $"{option.Name} is '{text}'; it must be a whole number{(text.Contains(',', StringComparison.Ordinal) ? ", written without separators" : "")}.");
        }

        try
        {
            var value = System.Convert.ChangeType(number, option.ElementType, CultureInfo.InvariantCulture);
            return (value, OptionSchema.RangeProblem(option, (double)number));
        }
        catch (OverflowException)
        {
            return (null, $"{option.Name} is {text}, which is too large or too small for it.");
        }
    }

    private static (object?, string?) Number(string text, OptionInfo option) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? (System.Convert.ChangeType(number, option.ElementType, CultureInfo.InvariantCulture), OptionSchema.RangeProblem(option, number))
            : (null, $"{option.Name} is '{text}'; it must be a number.");
}
