using System.CommandLine;
using Tastemaker.Cli.Output;

namespace Tastemaker.Cli.Arguments;

/// <summary>A command with examples in its help, and <c>--json</c> and <c>--threads</c> on offer.</summary>
internal sealed class TasteCommand : Command
{
    private static readonly Option<bool> JsonOption = new("--json")
    {
        Description = "Print one JSON document on standard output; progress stays on standard error.",
    };

    private readonly Dictionary<string, string> titles = [];

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

    /// <summary>Titles in the help by option, such as "Data"; options without one stand first.</summary>
    public IReadOnlyDictionary<string, string> Titles => titles;

    /// <summary>Puts options under a title of their own in the help.</summary>
    /// <param name="title">Such as "Data".</param>
    /// <param name="options">Options of this command.</param>
    public void Entitle(string title, IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            titles[option.Name] = title;
        }
    }

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
