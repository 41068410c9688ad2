using System.CommandLine;
using System.CommandLine.Completions;
using Tastemaker.Configuration;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Cli.Arguments;

/// <summary>
/// The options of a record as command-line options: names, descriptions and choices come from the record itself, so that files, --set and the
/// command line speak of the same things.
/// </summary>
/// <param name="section">The record's section in a configuration, e.g. "data".</param>
/// <param name="type">The record.</param>
/// <param name="renamed">Properties to leave out (null), or to call otherwise on the command line.</param>
internal sealed class RecordArguments(string section, Type type, IReadOnlyDictionary<string, string?>? renamed = null)
{
    private readonly List<(OptionInfo Info, Option Option)> options =
    [
        .. OptionSchema.Of(type).Options
            .Select(info => (Info: info, Name: renamed is not null && renamed.TryGetValue(info.Name, out var other) ? other : info.Name))
            .Where(pair => pair.Name is not null)
            .Select(pair => (pair.Info, Make(pair.Info, pair.Name!))),
    ];

    /// <summary>The options.</summary>
    public IEnumerable<Option> Options => options.Select(pair => pair.Option);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var (_, option) in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was given on the command line, as settings of a configuration.</summary>
    public IEnumerable<OptionAssignment> Given(ParseResult parsed)
    {
        foreach (var (info, option) in options)
        {
            if (parsed.GetResult(option) is not { Implicit: false })
            {
                continue;
            }

            var key = $"{section}.{info.Name}";
            if (option is Option<string[]> many)
            {
                var values = parsed.GetValue(many) ?? [];
                yield return info.IsMap
                    ? new OptionAssignment(key, Map(option.Name, values), option.Name)
                    : new OptionAssignment(key, new YamlSequenceNode(values.Select(Scalar)), option.Name);
            }
            else
            {
                var text = option is Option<bool> flag ? (parsed.GetValue(flag) ? "true" : "false") : parsed.GetValue((Option<string?>)option) ?? "";
                yield return new OptionAssignment(key, Scalar(text), $"{option.Name} {text}");
            }
        }
    }

    private static Option Make(OptionInfo info, string name)
    {
        var description = info.Choices.Count > 0 ? $"{info.Description} [{string.Join("|", info.Choices)}]" : info.Description;
        if (info.IsList || info.IsMap)
        {
            return new Option<string[]>($"--{name}") { Description = description, AllowMultipleArgumentsPerToken = false, HelpName = info.IsMap ? "name=value" : "value" };
        }

        if (info.Kind == OptionKind.Switch)
        {
            return new Option<bool>($"--{name}") { Description = description };
        }

        var option = new Option<string?>($"--{name}") { Description = description, HelpName = info.Kind is OptionKind.Integer or OptionKind.Number ? "number" : "value" };
        option.CompletionSources.Add(_ => info.Choices.Select(choice => new CompletionItem(choice)));
        return option;
    }

    private static YamlScalarNode Scalar(string text) => new(text);

    private static YamlMappingNode Map(string option, string[] pairs)
    {
        var map = new YamlMappingNode();
        foreach (var pair in pairs)
        {
            var split = pair.IndexOf('=', StringComparison.Ordinal);
            if (split > 0 && map.Children.ContainsKey(new YamlScalarNode(pair[..split])))
            {
                throw new InputException($"{option} {pair}: '{pair[..split]}' is given twice. Give each name once.");
            }

            map.Add(
                split > 0 ? pair[..split] : throw new InputException($"{option} {pair}: write it as name=value."),
                pair[(split + 1)..]);
        }

        return map;
    }
}
