using System.CommandLine;
using Tastemaker.Bench.Reports;

namespace Tastemaker.Bench.Commands;

/// <summary><c>performance FILES --write docs/performance.md</c>: the page of what the parts cost, from the tables of earlier runs.</summary>
internal static class PerformanceCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("files") { Description = "What commands wrote with --json, in the order of the page.", Arity = ArgumentArity.OneOrMore };
        var page = new Option<string>("--write") { Description = "The Markdown page.", Required = true };
        var command = new Command("performance", "Write the tables of earlier runs into a Markdown page.") { files, page };
        command.SetAction(parsed => File.WriteAllText(parsed.GetValue(page)!, PerformancePage.Of(parsed.GetValue(files)!.Select(PerformancePage.Read))));
        return command;
    }
}
