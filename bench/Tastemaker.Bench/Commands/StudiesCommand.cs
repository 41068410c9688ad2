using System.CommandLine;
using Tastemaker.Bench.Reports;

namespace Tastemaker.Bench.Commands;

/// <summary><c>studies FILES --write docs/studies.md</c>: the page of what systems do on generated data, from the tables of earlier runs.</summary>
internal static class StudiesCommand
{
    private const string Head = """
        # Studies on generated data

        What systems are meant to do, shown on data in which it is known what there is to find. Written by the harness in `bench/` from the JSON files in
        `bench/results/studies/`, one a section; each section names the command that repeats it. Figures on real data are on [another page](results.md).
        """;

    public static Command Create()
    {
        var files = new Argument<string[]>("files") { Description = "What commands wrote with --json, in the order of the page.", Arity = ArgumentArity.OneOrMore };
        var page = new Option<string>("--write") { Description = "The Markdown page.", Required = true };
        var command = new Command("studies", "Write the tables of earlier studies into a Markdown page.") { files, page };
        command.SetAction(parsed => File.WriteAllText(parsed.GetValue(page)!, PerformancePage.Of(parsed.GetValue(files)!.Select(PerformancePage.Read), Head)));
        return command;
    }
}
