using Spectre.Console;
using System.CommandLine;
using Tastemaker.Catalog;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Runs;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste reproduce RECIPE...</c>: runs recipes and writes the results page from the run folders.</summary>
internal static class ReproduceCommand
{
    public static Command Create()
    {
        var recipes = new Argument<string[]>("recipe") { Description = "Recipe files, or folders of them.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out", "-o") { Description = "Folder of the runs; completed runs found there are kept.", DefaultValueFactory = _ => Path.Combine("runs", "recipes") };
        var page = new Option<string?>("--page") { Description = "Also put the results of these recipes into a page, e.g. docs/results.md; what it says of other recipes stays." };
        var systems = new Option<string?>("--system-pages") { Description = "Also write a page a system into this folder, e.g. docs/systems; results of other recipes there stay." };
        var pagesOnly = new Option<bool>("--pages-only") { Description = "Train nothing; write the pages from the runs that are completed." };
        return new TasteCommand(
            "reproduce",
            "Run recipes: systems on the data and split of a paper, with its figures beside ours.",
            ("taste reproduce recipes/movielens-100k.yaml", "All runs of one recipe; what is completed is not repeated."),
            ("taste reproduce recipes --pages-only --page docs/results.md", "Only write the page."))
        {
            recipes, output, page, systems, pagesOnly,
        }.Does((parsed, terminal, cancellation) =>
        {
            var root = parsed.GetValue(output)!;
            var read = Read(parsed.GetRequiredValue(recipes)).Select(recipe => (Recipe: recipe, Runs: new RecipeRun(recipe, root))).ToList();
            foreach (var (recipe, runs) in parsed.GetValue(pagesOnly) ? [] : read)
            {
                terminal.Note($"Recipe {recipe.Name}: {recipe.Title}");
                runs.Run(
                    configuration => Loading.Split(configuration, terminal, cancellation),
                    (entry, seed) => [new TrainingDisplay(terminal.Progress, $"{entry.Label} (seed {seed})")],
                    cancellation);
            }

            if (parsed.GetValue(page) is { } file)
            {
                File.WriteAllText(file, ResultsPage.Of(read, File.Exists(file) ? File.ReadAllText(file) : ""));
                terminal.Note($"Written: {file}");
            }

            if (parsed.GetValue(systems) is { } folder)
            {
                WriteSystemPages(folder, read);
                terminal.Note($"Written: a page a system in {folder}");
            }

            return Task.FromResult(Report(terminal, read));
        });
    }

    private static List<Recipe> Read(string[] paths)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            files.AddRange(Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.yaml").Order(StringComparer.Ordinal) : [path]);
        }

        return files.Count > 0 ? [.. files.Select(file => RecipeReader.Read(file, SystemCatalog.Find))] : throw new InputException($"'{paths[0]}' holds no recipe (*.yaml).");
    }

    private static void WriteSystemPages(string folder, IReadOnlyList<(Recipe Recipe, RecipeRun Runs)> recipes)
    {
        Directory.CreateDirectory(folder);
        foreach (var system in SystemCatalog.Systems)
        {
            var results = recipes
                .SelectMany(pair => pair.Recipe.Entries.Where(entry => entry.Configuration.System.Id == system.Id)
                    .Select(entry => (pair.Recipe, Entry: entry, Runs: pair.Runs.Completed(entry))))
                .Where(found => found.Runs.Count > 0)
                .Select(found => (found.Recipe, new RecipeResult(found.Entry, found.Runs)))
                .ToList();
            var page = Path.Combine(folder, $"{system.Id}.md");
            File.WriteAllText(page, SystemPage.Of(system, results, [.. recipes.Select(pair => pair.Recipe)], File.Exists(page) ? File.ReadAllText(page) : ""));
        }
    }

    private static int Report(Terminal terminal, IReadOnlyList<(Recipe Recipe, RecipeRun Runs)> recipes)
    {
        var entries = recipes.SelectMany(pair => pair.Recipe.Entries.Select(entry => (pair.Recipe.Name, entry.Label, Runs: pair.Runs.Completed(entry), Entry: entry)));
        var figures = entries.Select(entry => new
        {
            recipe = entry.Name,
            entry.Label,
            completed = entry.Runs.Count,
            metrics = entry.Runs.Count == 0 ? null : Figures(new RecipeResult(entry.Entry, entry.Runs)),
        }).ToList();
        return terminal.Result(figures, console =>
        {
            foreach (var figure in figures)
            {
                console.WriteLine($"{figure.recipe}  {figure.Label}: {(figure.metrics is null ? "no completed run" : string.Join("  ", figure.metrics.Select(pair => $"{pair.Key} {pair.Value:0.0000}")))}");
            }
        });
    }

    private static Dictionary<string, double> Figures(RecipeResult result)
    {
        var named = result.Entry.References.Select(reference => reference.Metric).Distinct().ToList();
        var metrics = named.Count > 0 ? named : result.Metrics.Take(4);
        return metrics.Where(metric => result.Figure(metric) is not null).ToDictionary(metric => metric, metric => result.Figure(metric)!.Mean);
    }
}
