using System.Text.RegularExpressions;
using Tastemaker.Configuration;
using Tastemaker.Data.Import;
using Tastemaker.Evaluation;
using Tastemaker.Options;

namespace Tastemaker.Cli.Output;

/// <summary>
/// Says options as users of the command type them. The library names its own options ("set time to none", "the option user"), which files of settings have too; what the
/// command prints names its own ("--time-column none", "--user-column").
/// </summary>
internal static partial class OptionWords
{
    /// <summary>What data options are called on the command line where that is not their name; null where they are no options there.</summary>
    public static IReadOnlyDictionary<string, string?> DataNames { get; } = new Dictionary<string, string?>
    {
        ["paths"] = null,
        ["threads"] = null,
        ["filters"] = "filter",
        ["features"] = "feature",
        ["user"] = "user-column",
        ["item"] = "item-column",
        ["value"] = "value-column",
        ["label"] = "label-column",
        ["time"] = "time-column",
        ["title"] = "title-column",
    };

    /// <summary>The same for evaluation options.</summary>
    public static IReadOnlyDictionary<string, string?> EvaluationNames { get; } = new Dictionary<string, string?> { ["threads"] = null, ["block-bytes"] = null, ["slices"] = "slice" };

    private static readonly Dictionary<string, string> Names = Collect();

    // Names that can be nothing else, wherever they stand.
    private static readonly Regex Bare = new(
        $@"(?<![\w\-./\\'""=:])({string.Join("|", Names.Keys.Where(name => name.Contains('-', StringComparison.Ordinal)).OrderByDescending(name => name.Length).Select(Regex.Escape))})(?![\w\-/\\=(]|\.\w)", RegexOptions.Compiled);

    /// <summary>A text of the library in words of the command line.</summary>
    public static string Of(string text)
    {
        text = Twice().Replace(text, match => $"{match.Groups["set"].Value} {match.Groups["argument"].Value}");
        text = Set().Replace(text, match => Names.TryGetValue(match.Groups["name"].Value, out var argument) ? $"{match.Groups["set"].Value} {argument} {match.Groups["value"].Value}" : match.Value);
        text = Named().Replace(text, match => Argument(match.Groups["name"].Value) is { } argument
            ? $"{argument}{(match.Groups["other"].Success ? $" {match.Groups["join"].Value} {Argument(match.Groups["other"].Value) ?? match.Groups["other"].Value}" : "")}" : match.Value);
        text = Repeated().Replace(text, "$1$2");
        return Bare.Replace(text, match => Names[match.Groups[1].Value]);
    }

    private static string? Argument(string name) => Names.GetValueOrDefault(OptionText.Kebab(name));

    private static Dictionary<string, string> Collect()
    {
        var arguments = new Dictionary<string, string>();
        (Type, IReadOnlyDictionary<string, string?>)[] records =
        [
            (typeof(DataOptions), DataNames), (typeof(TrainingOptions), new Dictionary<string, string?>()), (typeof(EvaluationOptions), EvaluationNames),
        ];
        foreach (var (type, renamed) in records)
        {
            foreach (var option in OptionSchema.Of(type).Options)
            {
                var name = renamed.TryGetValue(option.Name, out var other) ? other : option.Name;
                if (name is not null)
                {
                    arguments.TryAdd(option.Name, $"--{name}");
                }
            }
        }

        return arguments;
    }

    // "set label to clicked (--label-column clicked)": the library has said it itself.
    [GeneratedRegex(@"\b(?<set>[Ss]et) [a-z-]+ to [^\s().,;:]+ \((?<argument>--[^)]*)\)")]
    private static partial Regex Twice();

    // "--feature (--feature "hour=categorical")": the same.
    [GeneratedRegex(@"(--[a-z-]+) \(\1([^)]*)\)")]
    private static partial Regex Repeated();

    [GeneratedRegex(@"\b(?<set>[Ss]et|with|or set) (?<name>[a-z-]+) (?:to )?(?<value>(?:true|false|none|error|drop|order|seconds|interactions|quote|backslash|categorical|day-first|month-first|'[^']*'|(?<= to )[^\s.,;:()]+))(?![\w-])")]
    private static partial Regex Set();

    [GeneratedRegex(@"\b(?:[Tt]he )?options? (?<name>[a-z][A-Za-z]*(?:-[a-z]+)*)(?: (?<join>or|and) (?<other>[a-z]+(?:[A-Z][A-Za-z]*|-[a-z]+)+))?\b(?! of\b)")]
    private static partial Regex Named();
}
