using System.Globalization;
using System.Reflection;
using Tastemaker.Options;

namespace Tastemaker.Configuration;

/// <summary>What an option's value is.</summary>
internal enum OptionKind
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Switch,

    /// <summary>One of a few names.</summary>
    Choice,

    /// <summary>A text.</summary>
    Text,
}

/// <summary>One option of a record of options, as help, documentation and search need it.</summary>
internal sealed record OptionInfo
{
    /// <summary>The property.</summary>
    public required PropertyInfo Property { get; init; }

    /// <summary>Name in kebab-case, e.g. "learning-rate".</summary>
    public required string Name { get; init; }

    /// <summary>What the paper calls it, under which it can be given too, e.g. "lambda"; null where that is the name, or nothing.</summary>
    public string? Symbol { get; init; }

    /// <summary>What a value is; of each element where <see cref="IsList"/>.</summary>
    public required OptionKind Kind { get; init; }

    /// <summary>The .NET type of a value, of an element where <see cref="IsList"/>; never nullable.</summary>
    public required Type ElementType { get; init; }

    /// <summary>Whether it takes a list of values.</summary>
    public required bool IsList { get; init; }

    /// <summary>Whether a text with commas is a list of values; not so for paths, which may hold them.</summary>
    public bool SplitsAtCommas => IsList && Name != "paths";

    /// <summary>Whether it takes a map of names to values.</summary>
    public required bool IsMap { get; init; }

    /// <summary>Whether it may be null.</summary>
    public required bool IsOptional { get; init; }

    /// <summary>Whether a value must be given.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>Whether it came after the first fingerprints and does not count in them at its default.</summary>
    public bool IsAddedLater { get; init; }

    /// <summary>Value in a new record.</summary>
    public required object? Default { get; init; }

    /// <summary>Smallest and largest value allowed, inclusive; null where any is.</summary>
    public (double Minimum, double Maximum)? Range { get; init; }

    /// <summary>Where a search looks; null where the option is not searched.</summary>
    public SearchAttribute? Search { get; init; }

    /// <summary>Among what a search chooses, as written on the command line; null where the option is not searched so.</summary>
    public IReadOnlyList<string>? SearchChoices { get; init; }

    /// <summary>Names of a <see cref="OptionKind.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The property's doc comment in one line; empty where the documentation file is not beside the library.</summary>
    public required string Description { get; init; }

    /// <summary>The kind for people: "integer", "list of integers", "one of adam, sgd".</summary>
    public string TypeText
    {
        get
        {
            var one = Kind switch
            {
                OptionKind.Integer => "integer",
                OptionKind.Number => "number",
                OptionKind.Switch => "true or false",
                OptionKind.Choice => $"one of {string.Join(", ", Choices)}",
                _ => "text",
            };
            return IsList ? $"list of {one}" : IsMap ? $"map of names to {one}" : one;
        }
    }

    /// <summary>The allowed range for people, e.g. "0 to 1"; empty where any value is allowed.</summary>
    public string RangeText => Range is var (minimum, maximum)
        ? string.Create(CultureInfo.InvariantCulture, $"{minimum:R} to {maximum:R}")
        : "";

    /// <summary>Where a search looks, for people: "0.0001 to 0.1, log" or "cosine, jaccard"; empty where it does not.</summary>
    public string SearchText => Search is { } range
        ? string.Create(CultureInfo.InvariantCulture, $"{range.Low:R} to {range.High:R}{(range.Log ? ", log" : "")}")
        : string.Join(", ", SearchChoices ?? []);

    /// <summary>The default for people.</summary>
    public string DefaultText => OptionText.Of(Default);
}
