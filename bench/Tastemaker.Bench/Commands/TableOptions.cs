using System.CommandLine;
using Tastemaker.Bench.Reports;

namespace Tastemaker.Bench.Commands;

/// <summary>The options that commands share which measure one table of docs/performance.md.</summary>
internal sealed class TableOptions
{
    private readonly Option<int> threads = new("--threads") { Description = "Threads; 0 for all cores.", DefaultValueFactory = _ => 0 };

    private readonly Option<string?> json = new("--json") { Description = "Also write the table to this file, for the command 'performance'." };

    public Command AddTo(Command command)
    {
        command.Add(threads);
        command.Add(json);
        return command;
    }

    /// <summary>Threads for libtorch and our own work.</summary>
    public int Threads(ParseResult parsed) => parsed.GetValue(threads) is var count && count > 0 ? count : Environment.ProcessorCount;

    /// <summary>Measures, prints the section, and saves it where that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="measure">Makes the table; gets the machine's facts and writes progress to standard error.</param>
    public void Run(ParseResult parsed, Func<MachineFacts, PerformanceTable> measure)
    {
        Training.Threads.Use(Threads(parsed));
        var table = measure(MachineFacts.Gather(Threads(parsed)));
        if (parsed.GetValue(json) is { } file)
        {
            PerformancePage.Save(table, file);
        }

        Console.WriteLine(PerformancePage.Section(table));
    }
}
