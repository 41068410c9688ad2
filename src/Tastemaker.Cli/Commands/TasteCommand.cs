using System.CommandLine;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;

namespace Tastemaker.Cli.Commands;

/// <summary>A command with examples in its help, and <c>--json</c> and <c>--threads</c> on offer.</summary>
internal sealed class TasteCommand : Command
{
    private static readonly Option<bool> JsonOption = new("--json")
    {
        Description = "Print one JSON document on standard output; progress stays on standard error.",
    };

    /// <param name="name">Its name.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="examples">Command lines with a word of explanation each, shown below the help.</param>
    public TasteCommand(string name, string description, params (string CommandLine, string Meaning)[] examples)
        : base(name, description)
    {
        Examples = examples;
        Options.Add(JsonOption);
    }

    /// <summary>Command lines that work as written.</summary>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; }

    /// <summary>Sets what the command does; it returns the exit code.</summary>
    public TasteCommand Does(Func<ParseResult, Terminal, CancellationToken, Task<int>> action)
    {
        var threads = ThreadsArgument.Of(this);
        SetAction((parsed, cancellation) =>
        {
            ThreadsArgument.Apply(parsed, threads);
            return action(parsed, new Terminal(parsed.GetValue(JsonOption)), cancellation);
        });
        return this;
    }

    /// <summary>Sets what the command does; it returns the exit code.</summary>
    public TasteCommand Does(Func<ParseResult, Terminal, int> action) =>
        Does((parsed, terminal, _) => Task.FromResult(action(parsed, terminal)));
}
