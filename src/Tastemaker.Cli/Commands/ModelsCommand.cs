using System.CommandLine;
using Spectre.Console;
using Tastemaker.Catalog;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Systems;
using Capabilities = Tastemaker.Systems.Capabilities;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste models [ID]</c>: the catalog of systems.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("id") { Description = "A system, to see its options; all systems without it.", Arity = ArgumentArity.ZeroOrOne, HelpName = "id" };
        id.CompletionSources.Add(_ => SystemCatalog.Systems.Select(system => new System.CommandLine.Completions.CompletionItem(system.Id)));
        return new TasteCommand(
            "models",
            "List the systems, or show one with its options and paper.",
            ("taste models", "All systems, family by family."),
            ("taste models multi-vae", "Options, ranges and paper of Multi-VAE."))
        {
            id,
        }.Does((parsed, terminal) => parsed.GetValue(id) is { } name ? One(terminal, SystemCatalog.Find(name)) : All(terminal));
    }

    private static int All(Terminal terminal) => terminal.Result(SystemCatalog.Systems.Select(Describe), console =>
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("family", "id", "system", "answers", "what it does");
        foreach (var system in SystemCatalog.Systems)
        {
            table.AddRow(
                Markup.Escape(system.Family), $"[bold]{system.Id}[/]", Markup.Escape(system.Name), Markup.Escape(WhoItAnswers(system)), Markup.Escape(system.Summary));
        }

        console.Write(table);
        console.WriteLine("'taste models ID' shows a system's options.");
    });

    private static int One(Terminal terminal, SystemInfo system)
    {
        var schema = OptionSchema.Of(system.OptionsType);
        return terminal.Result(new { system = Describe(system), options = schema.Options.Select(Describe) }, console =>
        {
            console.MarkupLineInterpolated($"[bold]{system.Name}[/] ({system.Id}), {system.Family}");
            console.WriteLine(system.Summary);
            console.WriteLine($"Paper: {system.Paper}");
            console.WriteLine($"Answers: {WhoItAnswers(system)}");
            var table = new Table().Border(TableBorder.Simple).AddColumns("option", "default", "values", "search", "meaning");
            foreach (var option in schema.Options)
            {
                table.AddRow($"[bold]{Markup.Escape(option.Name)}[/]{(option.Symbol is { } symbol ? $"\n{Markup.Escape(symbol)}" : "")}", Markup.Escape(option.DefaultText), Markup.Escape(Values(option)), Markup.Escape(option.SearchText), Markup.Escape(option.Description));
            }

            console.Write(table);
            console.WriteLine("Set them with --set option=value; 'taste tune' looks for good ones where the search column says.");
        });
    }

    private static object Describe(OptionInfo option) => new
    {
        option.Name, option.Symbol, type = option.TypeText, @default = option.DefaultText, range = Values(option), search = option.SearchText, option.Description,
    };

    private static string Values(OptionInfo option) => option.Choices.Count > 0 ? string.Join(", ", option.Choices) : option.RangeText;

    private static object Describe(SystemInfo system) => new
    {
        system.Id, system.Name, system.Family, system.Summary, system.Paper, answers = WhoItAnswers(system), system.PredictsRatings, system.PredictsClicks, system.ScoresByInnerProduct, system.RecommendsSeen,
    };

    private static string WhoItAnswers(SystemInfo system)
    {
        var who = (system.Answers & Capabilities.Everyone) switch
        {
            Capabilities.Everyone => "everyone",
            Capabilities.Histories => "histories",
            Capabilities.KnownUsers => "known users",
            _ => "",
        };
        string[] all = [who, system.Answers.HasFlag(Capabilities.Features) ? "features" : "", system.Answers.HasFlag(Capabilities.Content) ? "texts" : ""];
        return string.Join(", ", all.Where(answered => answered.Length > 0));
    }
}
