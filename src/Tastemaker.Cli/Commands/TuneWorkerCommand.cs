using System.CommandLine;
using System.Diagnostics;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Tuning.Trials;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste tune-worker</c>: the process that trains trials of a parallel search; 'taste tune' starts it, people do not.</summary>
internal static class TuneWorkerCommand
{
    private const string Name = "tune-worker";

    public static Command Create() => new TasteCommand(Name, "Train trials that a search asks for on standard input.") { Hidden = true }.Does((_, terminal, cancellation) =>
    {
        new TrialWorker(Console.In, Console.Out, (configuration, token) => Loading.Split(configuration, terminal, token)).Serve(cancellation);
        return Task.FromResult(ExitCodes.Done);
    });

    /// <summary>How to start one with a number of threads.</summary>
    public static ProcessStartInfo Start(int threads)
    {
        var program = typeof(TuneWorkerCommand).Assembly.Location;
        var own = Environment.ProcessPath;
        var isOwn = own is not null && Path.GetFileNameWithoutExtension(own).Equals(Path.GetFileNameWithoutExtension(program), StringComparison.OrdinalIgnoreCase);
        var isHost = own is not null && Path.GetFileNameWithoutExtension(own).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(isOwn || isHost ? own! : "dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[.. isOwn ? (string[])[] : [program], Name, "--threads", $"{threads}"])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
