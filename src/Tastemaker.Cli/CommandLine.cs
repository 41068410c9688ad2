using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Tastemaker.Catalog;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Commands;
using Tastemaker.Cli.Output;
using Tastemaker.Data;
using Tastemaker.Naming;

namespace Tastemaker.Cli;

/// <summary>The command tree of <c>taste</c>, and what all commands share: error reporting, exit codes, Ctrl-C.</summary>
internal static class CommandLine
{
    // Workers that a command starts learn of plugins by it.
    private const string PluginsVariable = "TASTEMAKER_PLUGINS";

    private static readonly TimeSpan OneSignal = TimeSpan.FromSeconds(1);

    private static readonly Option<string[]> Plugins = new("--plugin")
    {
        Description = "An assembly with systems of your own, which then count as those of the library; may be given several times. The environment variable TASTEMAKER_PLUGINS names some for all commands.",
        HelpName = "dll",
        Recursive = true,
    };

    /// <summary>Parses and runs; returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = HelpWithExamples.AddTo(Root()).Parse(args);
        var json = args.Contains("--json");
        if (parsed.Action is not HelpWithExamples && Problems(parsed).ToList() is { Count: > 0 } problems)
        {
            return new Terminal(json).Fail(new InputException(problems), Usage(parsed.CommandResult.Command));
        }

        // The library's own handler of signals throws at the second one.
        var settings = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        using var stopping = new CancellationTokenSource();
        var first = 0L;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stopping, ref first));
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stopping, ref first));
        try
        {
            LoadPlugins(parsed.GetValue(Plugins) ?? []);
            return await parsed.InvokeAsync(settings, stopping.Token);
        }
        catch (InputException problem)
        {
            return new Terminal(json).Fail(problem);
        }
        catch (Exception failure) when (WriteFailure.Explain(failure) is { } unwritten && Environment.GetEnvironmentVariable("TASTEMAKER_DEBUG") is null)
        {
            return new Terminal(json).Fail(unwritten);
        }
        catch (OperationCanceledException)
        {
            return new Terminal(json).Interrupted();
        }
        catch (Exception failure) when (Environment.GetEnvironmentVariable("TASTEMAKER_DEBUG") is null)
        {
            return new Terminal(json).Fail(failure);
        }
    }

    /// <summary>The root command with everything below it.</summary>
    public static RootCommand Root() => new("Deep recommender systems: train, measure, compare and use them on your own data.")
    {
        DemoCommand.Create(),
        DoctorCommand.Create(),
        ModelsCommand.Create(),
        DataCommand.Create(),
        TrainCommand.Create(),
        EvaluateCommand.Create(),
        TuneCommand.Create(),
        TuneWorkerCommand.Create(),
        CompareCommand.Create(),
        RecommendCommand.Create(),
        SimilarCommand.Create(),
        IndexCommand.Create(),
        ExportCommand.Create(),
        ServeCommand.Create(),
        StoreCommand.Create(),
        ReproduceCommand.Create(),
        Plugins,
    };

    // The first signal lets a step end and saves the finished epochs, however long that takes; a later one ends the process, which loses nothing that was saved. Within a second both are one: a program that
    // started this one may pass on what the terminal has sent to both.
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stopping, ref long first)
    {
        Interlocked.CompareExchange(ref first, Stopwatch.GetTimestamp(), 0);
        signal.Cancel = Stopwatch.GetElapsedTime(first) < OneSignal;
        stopping.Cancel();
    }

    private static void LoadPlugins(string[] asked)
    {
        var known = Environment.GetEnvironmentVariable(PluginsVariable)?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (asked.Any(string.IsNullOrWhiteSpace))
        {
            throw new InputException("--plugin: the path is empty. Name an assembly with systems of your own.");
        }

        string[] all = [.. known.Concat(asked).Select(Path.GetFullPath).Distinct()];
        foreach (var plugin in all)
        {
            try
            {
                SystemPlugins.Load(plugin);
            }
            catch (InputException bad) when (!asked.Select(Path.GetFullPath).Contains(plugin))
            {
                throw new InputException([.. bad.Problems.Select(problem => $"{problem} It is named by the environment variable {PluginsVariable}.")]);
            }
        }

        if (all.Length > 0)
        {
            Environment.SetEnvironmentVariable(PluginsVariable, string.Join(Path.PathSeparator, all));
        }
    }

    private static IEnumerable<string> Problems(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var names = command.Options.Select(option => option.Name).Concat(command.Subcommands.Select(subcommand => subcommand.Name)).ToList();

        // A command that takes any number of files would take a mistyped option for one.
        foreach (var token in parsed.CommandResult.Tokens.Where(token => token.Value.StartsWith("--", StringComparison.Ordinal)))
        {
            yield return $"There is no option '{token.Value}'.{NearestName.DidYouMean(token.Value, names)}";
        }

        foreach (var error in parsed.Errors)
        {
            var token = parsed.UnmatchedTokens.FirstOrDefault(unmatched => error.Message.Contains($"'{unmatched}'", StringComparison.Ordinal));
            yield return token is null ? error.Message : $"{error.Message}{NearestName.DidYouMean(token, names)}";
        }
    }

    private static string Usage(Command command)
    {
        var path = command.Name;
        for (var parent = command.Parents.OfType<Command>().FirstOrDefault(); parent is not null; parent = parent.Parents.OfType<Command>().FirstOrDefault())
        {
            path = parent is RootCommand ? $"taste {path}" : $"{parent.Name} {path}";
        }

        return command is RootCommand ? "taste --help" : $"{path} --help";
    }
}
