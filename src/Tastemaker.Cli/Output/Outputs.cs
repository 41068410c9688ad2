using System.CommandLine;
using System.CommandLine.Parsing;

namespace Tastemaker.Cli.Output;

/// <summary>
/// The one rule for what commands write: an output is never an input of the same command, and what is there already is replaced only where an earlier call of the same
/// command wrote it, or where <c>--overwrite</c> says so.
/// </summary>
internal sealed class Outputs
{
    private readonly Option<bool> overwrite = new("--overwrite") { Description = "Replace what is there already, whoever wrote it." };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(overwrite);

    /// <summary>Whether everything may be replaced but inputs.</summary>
    public bool Overwrites(ParseResult parsed) => parsed.GetValue(overwrite);

    /// <summary>Checks a file before it is written.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option that names it, such as "--out".</param>
    /// <param name="path">The file.</param>
    /// <param name="inputs">Files and folders that the command reads.</param>
    /// <param name="isEarlier">Whether a file that is there was written by an earlier call.</param>
    /// <exception cref="InputException">It must not be written.</exception>
    public void CheckFile(ParseResult parsed, string option, string path, IEnumerable<string> inputs, Func<string, bool> isEarlier)
    {
        CheckFile(option, path, inputs);
        if (File.Exists(path) && !Overwrites(parsed) && !isEarlier(path))
        {
            throw new InputException($"{option} {path}: this file is there already and was not written by '{CommandOf(parsed)}', so it is not replaced. Name another file, or add {overwrite.Name}.");
        }
    }

    /// <summary>Checks a folder that is replaced as a whole before it is written.</summary>
    /// <inheritdoc cref="CheckFile(ParseResult, string, string, IEnumerable{string}, Func{string, bool})"/>
    public void CheckFolder(ParseResult parsed, string option, string path, IEnumerable<string> inputs, Func<string, bool> isEarlier)
    {
        CheckName(option, path);
        var target = RealPath.Of(path);
        if (File.Exists(target))
        {
            throw new InputException($"{option} {path}: this is a file, and a folder is to be written. Name another.");
        }

        if (inputs.FirstOrDefault(input => RealPath.IsIn(RealPath.Of(input), target)) is { } input)
        {
            throw new InputException($"{option} {path}: this command reads {input}, which would be replaced with the folder. Name another folder.");
        }

        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !isEarlier(target) && !Overwrites(parsed))
        {
            throw new InputException($"{option} {path}: this folder is not empty and was not written by '{CommandOf(parsed)}', so it is not replaced. Name another folder.");
        }
    }

    /// <summary>Checks that a file is no input of the command that writes it; for commands that never replace what they did not write.</summary>
    /// <exception cref="InputException">It is an input, or a folder.</exception>
    public static void CheckFile(string option, string path, IEnumerable<string> inputs)
    {
        CheckName(option, path);
        var target = RealPath.Of(path);
        if (Directory.Exists(target))
        {
            throw new InputException($"{option} {path}: this is a folder, and a file is to be written. Name a file in it.");
        }

        if (inputs.SelectMany(WithLogs).FirstOrDefault(input => RealPath.Of(input) == target) is { } input)
        {
            throw new InputException($"{option} {path}: this command reads {input}, which would be replaced. Name another file.");
        }
    }

    private static void CheckName(string option, string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new InputException($"{option} is empty. Say where to write.");
        }
    }

    // Beside a database of SQLite lie the files of what was written last.
    private static IEnumerable<string> WithLogs(string input) => [input, $"{input}-wal", $"{input}-shm", $"{input}-journal"];

    private static string CommandOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (CommandResult? at = parsed.CommandResult; at is not null; at = at.Parent as CommandResult)
        {
            names.Insert(0, at.Command is RootCommand ? "taste" : at.Command.Name);
        }

        return string.Join(' ', names);
    }
}
