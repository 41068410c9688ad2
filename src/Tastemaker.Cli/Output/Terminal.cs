using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Tastemaker.Cli.Output;

/// <summary>
/// Where a command's words go: its result to standard output, for people or as one JSON document; everything else to standard error.
/// </summary>
internal sealed class Terminal
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public Terminal(bool json)
    {
        Json = json;
        Out = Console(System.Console.Out, System.Console.IsOutputRedirected);
        Progress = Console(System.Console.Error, System.Console.IsErrorRedirected);
    }

    /// <summary>Whether the result is one JSON document.</summary>
    public bool Json { get; }

    /// <summary>Standard output.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>Standard error: progress, notes and errors.</summary>
    public IAnsiConsole Progress { get; }

    /// <summary>Writes the result: <paramref name="document"/> as JSON, or what <paramref name="people"/> draws.</summary>
    public int Result(object document, Action<IAnsiConsole> people)
    {
        if (Json)
        {
            System.Console.Out.WriteLine(JsonSerializer.Serialize(document, Format));
        }
        else
        {
            people(Out);
        }

        return ExitCodes.Done;
    }

    /// <summary>One line of progress.</summary>
    public void Note(string line)
    {
        if (Progress.Profile.Capabilities.Interactive)
        {
            Progress.WriteLine(OptionWords.Of(line));
        }
        else
        {
            Write(Progress, OptionWords.Of(line));
        }
    }

    /// <summary>Writes lines as they are, unfolded, so that what they show can be copied.</summary>
    public static void Write(IAnsiConsole console, string text) => console.Profile.Out.Writer.WriteLine(text);

    /// <summary>Reports wrong input: every problem, and where to find the usage.</summary>
    public int Fail(InputException problem, string? usage = null)
    {
        string[] problems = [.. problem.Problems.Select(OptionWords.Of)];
        return Refuse(problems, new { error = WrongInput, problems }, _ => { }, usage);
    }

    /// <summary>The error field of a document that reports wrong input.</summary>
    public const string WrongInput = "wrong-input";

    /// <summary>Reports wrong input together with what could be found out nevertheless.</summary>
    /// <param name="problems">Every problem.</param>
    /// <param name="document">The result as JSON; it has the fields error and problems.</param>
    /// <param name="people">Draws what was found out, without the problems.</param>
    /// <param name="usage">Where to find the usage; null for nowhere.</param>
    public int Refuse(IReadOnlyList<string> problems, object document, Action<IAnsiConsole> people, string? usage = null)
    {
        Result(document, people);
        problems = [.. problems.Select(OptionWords.Of)];

        foreach (var line in problems)
        {
            Progress.Markup("[red]error:[/] ");
            Write(Progress, line);
        }

        if (usage is not null)
        {
            Progress.WriteLine($"See '{usage}'.");
        }

        return ExitCodes.WrongInput;
    }

    /// <summary>Reports a failure that is not the user's doing.</summary>
    public int Fail(Exception failure)
    {
        var cause = failure;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        if (Json)
        {
            Result(new { error = "failed", problems = new[] { cause.Message } }, _ => { });
        }

        Progress.MarkupLineInterpolated($"[red]failed:[/] {cause.Message}");
        Progress.WriteLine("'taste doctor' checks the installation; set TASTEMAKER_DEBUG=1 to see where it happened.");
        return ExitCodes.Failed;
    }

    /// <summary>Reports that the user stopped the command.</summary>
    public int Interrupted()
    {
        if (Json)
        {
            Result(new { error = "interrupted", problems = Array.Empty<string>() }, _ => { });
        }

        Progress.WriteLine("Interrupted. Finished epochs and runs are saved, and the same command goes on after them; an epoch that was not finished begins anew.");
        return ExitCodes.Interrupted;
    }

    private static IAnsiConsole Console(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
        {
            // Files and pipes have no width: do not fold their lines.
            console.Profile.Width = 200;
        }

        return console;
    }
}
