using System.CommandLine;
using Spectre.Console;

namespace Tastemaker.Cli.Output;

/// <summary>Asks before something is done that cannot be undone: <c>--yes</c> says yes beforehand, <c>--dry-run</c> only tells what would happen.</summary>
internal sealed class Confirmation
{
    private readonly Option<bool> yes = new("--yes", "-y") { Description = "Do it without asking." };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Only say what would happen." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(yes);
        command.Options.Add(dryRun);
    }

    /// <summary>Whether the command is only to tell what would happen.</summary>
    public bool IsDryRun(ParseResult parsed) => parsed.GetValue(dryRun);

    /// <summary>Whether it is to be done: asks where nothing was said beforehand.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="question">What is about to happen, as a question.</param>
    /// <param name="terminal">Where to ask.</param>
    /// <exception cref="InputException">There is nobody to ask.</exception>
    public bool IsGiven(ParseResult parsed, string question, Terminal terminal) =>
        parsed.GetValue(yes) ? true
        : Console.IsInputRedirected || Console.IsErrorRedirected || terminal.Json
            ? throw new InputException($"{question} Nobody is there to be asked: add --yes to do it, or --dry-run to see only what would happen.")
        : terminal.Progress.Confirm(Markup.Escape(question), defaultValue: false);
}
