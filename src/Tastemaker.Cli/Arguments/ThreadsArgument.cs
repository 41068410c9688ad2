using System.CommandLine;
using System.Globalization;
using Tastemaker.Training;

namespace Tastemaker.Cli.Arguments;

/// <summary><c>--threads</c>, which every command has and which holds for all that the command does: import, split, training, ranking, answering.</summary>
internal static class ThreadsArgument
{
    private const string Name = "--threads";

    /// <summary>The option of a command; added where the records of its arguments do not bring one.</summary>
    public static Option<string?> Of(Command command)
    {
        if (command.Options.FirstOrDefault(option => option.Name == Name) is Option<string?> own)
        {
            return own;
        }

        var added = new Option<string?>(Name) { Description = "Threads for everything the command does; 0 for all cores, the default.", HelpName = "number" };
        command.Options.Add(added);
        return added;
    }

    /// <summary>Gives the process the number that was asked for, before anything else happens.</summary>
    /// <exception cref="InputException">It is no number of threads.</exception>
    public static void Apply(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is { } text)
        {
            Threads.Use(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 1024
                ? count
                : throw new InputException($"{Name} {text}: write a whole number from 0 (all cores) to 1024."));
        }
    }
}
