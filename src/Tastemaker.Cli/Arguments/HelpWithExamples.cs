using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Tastemaker.Cli.Output;

namespace Tastemaker.Cli.Arguments;

/// <summary>The usual help with the options under titles, followed by the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    private const string OptionsTitle = "Options:";

    /// <summary>Puts examples into the help of a command tree.</summary>
    public static RootCommand AddTo(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new HelpWithExamples((HelpAction)option.Action!);
        }

        return root;
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var (output, command) = (parseResult.InvocationConfiguration.Output, parseResult.CommandResult.Command as TasteCommand);
        using var text = new StringWriter();
        parseResult.InvocationConfiguration.Output = text;
        var code = usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        output.Write(command is null ? text.ToString() : Grouped(text.ToString(), command));
        if (command is { Examples.Count: > 0 })
        {
            output.WriteLine("Examples:");
            foreach (var (line, meaning) in command.Examples)
            {
                output.WriteLine($"  {line}");
                output.WriteLine($"      {meaning}");
            }

            output.WriteLine();
        }

        return code;
    }

    // The list of options comes as one section, each with its name (or aliases and name) at an indent of two and, where folded, lines indented further.
    private static string Grouped(string help, TasteCommand command)
    {
        var lines = help.ReplaceLineEndings("\n").Split('\n');
        var first = Array.IndexOf(lines, OptionsTitle) + 1;
        var end = Array.FindIndex(lines, Math.Max(first, 0), line => line.Length == 0);
        if (first == 0 || end < 0 || command.Titles.Count == 0)
        {
            return help;
        }

        var sections = new Dictionary<string, List<string>> { [OptionsTitle] = [OptionsTitle] };
        var section = sections[OptionsTitle];
        foreach (var line in lines[first..end])
        {
            if (line.StartsWith("  -", StringComparison.Ordinal))
            {
                var name = line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(word => word.StartsWith("--", StringComparison.Ordinal)) ?? "";
                var title = command.Titles.TryGetValue(name, out var own) ? $"{own}:" : OptionsTitle;
                section = sections.TryGetValue(title, out var begun) ? begun : sections[title] = ["", title];
            }

            section.Add(line);
        }

        return string.Join(Environment.NewLine, [.. lines[..(first - 1)], .. sections.Values.SelectMany(own => own), .. lines[end..]]);
    }
}
