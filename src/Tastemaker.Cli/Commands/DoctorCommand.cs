using System.CommandLine;
using Spectre.Console;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Diagnostics;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste doctor</c>: is this installation fit to work, and if not, what mends it.</summary>
internal static class DoctorCommand
{
    public static Command Create() => new TasteCommand(
        "doctor",
        "Check runtime, native libraries, threads, GPU, memory and disk, and say how to mend what is wrong.",
        ("taste doctor", "All checks; the exit code is 1 if something is broken."))
        .Does((_, terminal) =>
        {
            var findings = Doctor.Examine();
            terminal.Result(findings, console =>
            {
                foreach (var finding in findings)
                {
                    var mark = finding.State switch { FindingState.Good => "[green]ok[/]  ", FindingState.Note => "[yellow]note[/]", _ => "[red]BAD[/] " };
                    console.MarkupLine($"{mark} [bold]{finding.Check}[/]: {Markup.Escape(finding.Detail)}");
                    if (finding.Remedy is { } remedy)
                    {
                        console.MarkupLine($"       {Markup.Escape(remedy)}");
                    }
                }
            });
            return findings.Any(finding => finding.State == FindingState.Bad) ? ExitCodes.Failed : ExitCodes.Done;
        });
}
