using System.CommandLine;
using Tastemaker.Configuration;
using Tastemaker.Tuning;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Cli.Arguments;

/// <summary>How a search is carried out, on the command line and in the "tuning" section of the file that --config names; the command line is stronger.</summary>
internal sealed class TuningArguments
{
    /// <summary>Name of the section in a file.</summary>
    public const string Section = "tuning";

    private readonly RecordArguments options = new(Section, typeof(TuningOptions));

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command) => options.AddTo(command);

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="file">The file of settings; null for none.</param>
    /// <exception cref="InputException">All that is wrong, at once.</exception>
    public TuningOptions Options(ParseResult parsed, ConfigurationSource? file)
    {
        var given = options.Given(parsed).Select(assignment => assignment with { Key = assignment.Key[(Section.Length + 1)..] });
        return OptionBinder.Bind<TuningOptions>([.. FromFile(file), .. given], Section);
    }

    private static IEnumerable<OptionAssignment> FromFile(ConfigurationSource? file)
    {
        if (file?.Entries(file.Root).FirstOrDefault(entry => OptionText.Fold(entry.Key) == Section) is not { } section)
        {
            return [];
        }

        return section.Value is YamlMappingNode map
            ? file.Entries(map)
            : throw new InputException($"{section.Origin}: '{Section}' must be a map of options.");
    }
}
