using System.CommandLine;
using Tastemaker.Bench.Reports;

namespace Tastemaker.Bench.Commands;

/// <summary><c>page FILES --write docs/benchmarks.md</c>: puts the figures of earlier runs into the page, without measuring again.</summary>
internal static class PageCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("files") { Description = "What runs wrote with --json.", Arity = ArgumentArity.OneOrMore };
        var page = new Option<string>("--write") { Description = "The Markdown page.", Required = true };
        var command = new Command("page", "Write the figures of earlier runs into a Markdown page.") { files, page };
        command.SetAction(parsed =>
        {
            foreach (var file in parsed.GetValue(files)!)
            {
                ReportFiles.WritePage(ReportFiles.ReadJson(file), parsed.GetValue(page)!);
            }
        });
        return command;
    }
}
