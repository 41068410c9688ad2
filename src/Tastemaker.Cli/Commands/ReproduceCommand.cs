using System.CommandLine;
using Spectre.Console;
using Tastemaker.Catalog;
using Tastemaker.Cli.Arguments;
using Tastemaker.Cli.Output;
using Tastemaker.Configuration;
using Tastemaker.Naming;
using Tastemaker.Recipes;
using Tastemaker.Systems;
using Tastemaker.Training;
using Tastemaker.Tuning;

namespace Tastemaker.Cli.Commands;

/// <summary><c>taste reproduce RECIPE...</c>: runs recipes and writes the results page from the run folders.</summary>
internal static class ReproduceCommand
{
    public static Command Create()
    {
        var recipes = new Argument<string[]>("recipe") { Description = "Recipe files, or folders of them.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out", "-o") { Description = "Folder of the runs; completed runs found there are kept.", DefaultValueFactory = _ => Path.Combine("runs", "recipes") };
        var page = new Option<string?>("--page") { Description = "Also write the page of results, e.g. docs/results.md: of these recipes and of all others beside them, from what is kept in their folder results." };
        var systems = new Option<string?>("--system-pages") { Description = "Also write a page per system into this folder, e.g. docs/systems." };
        var pagesOnly = new Option<bool>("--pages-only") { Description = "Train nothing; write the pages from completed runs and from what is kept of earlier ones." };
        var only = new Option<string[]>("--only") { Description = "Run only the entry of this label; may be repeated. The others keep what is known of them.", HelpName = "label" };
        var outputs = new Outputs();
        var command = new TasteCommand(
            "reproduce",
            "Run recipes: systems on the data and split of a paper, with its figures beside ours.",
            ("taste reproduce recipes/movielens-100k-hash.yaml", "All runs of one recipe; what is completed is not repeated."),
            ("taste reproduce recipes/movielens-1m-ratings.yaml --only u-autorec --only biased-mf", "Two entries of a long recipe."),
            ("taste reproduce recipes --pages-only --page docs/results.md", "Only write the page."))
        {
            recipes, output, only, page, systems, pagesOnly,
        }.Does((parsed, terminal, cancellation) =>
        {
            var root = parsed.GetValue(output)!;
            if (parsed.GetValue(page) is { } pageFile)
            {
                outputs.CheckFile(parsed, page.Name, pageFile, parsed.GetRequiredValue(recipes), path => EarlierOutput.Says(path, "Made by `taste reproduce`"));
            }

            foreach (var system in parsed.GetValue(systems) is null ? [] : SystemCatalog.Systems)
            {
                outputs.CheckFile(parsed, systems.Name, SystemPageOf(parsed.GetValue(systems)!, system), parsed.GetRequiredValue(recipes), path => EarlierOutput.Says(path, $"- Id: `{system.Id}`"));
            }

            var read = Read(parsed.GetRequiredValue(recipes)).Select(pair => (pair.File, pair.Recipe, Runs: new RecipeRun(pair.Recipe, root))).ToList();
            var wanted = parsed.GetValue(only) ?? [];
            Demand(wanted, read.SelectMany(pair => pair.Recipe.Entries));
            var failures = new List<string>();
            foreach (var (_, recipe, runs) in parsed.GetValue(pagesOnly) ? [] : read)
            {
                terminal.Note($"Recipe {recipe.Name}: {recipe.Title}");
                failures.AddRange(runs.Run(
                    configuration => Loading.Split(configuration, terminal, cancellation),
                    entry => wanted.Length == 0 || wanted.Contains(entry.Label),
                    (entry, seed) => [new TrainingDisplay(terminal.Progress, $"{entry.Label} (seed {seed})")],
                    entry => Choosing(terminal, entry),
                    terminal.Note,
                    cancellation).Select(failure => $"{recipe.Name}, {failure}"));
            }

            if (parsed.GetValue(page) is null && parsed.GetValue(systems) is null)
            {
                return Task.FromResult(Report(terminal, failures, [.. read.Select(pair => (pair.Recipe, Archive(pair.File).Results(pair.Recipe, pair.Runs)))]));
            }

            // Pages are of all recipes beside those that were named, from what is kept of their results.
            var measured = Beside(read.Select(pair => (pair.File, pair.Recipe)), terminal)
                .Select(pair => (pair.File, pair.Recipe, Results: Archive(pair.File).Results(pair.Recipe, new RecipeRun(pair.Recipe, root)))).ToList();
            foreach (var (from, recipe, results) in measured.Where(pair => pair.Results.Count > 0))
            {
                Archive(from).Keep(recipe, results.Select(pair => pair.Result));
            }

            List<(Recipe Recipe, IReadOnlyList<(RecipeEntry Entry, RecipeResult Result)> Results)> all = [.. measured.Select(pair => (pair.Recipe, pair.Results))];
            if (parsed.GetValue(page) is { } file)
            {
                File.WriteAllText(file, ResultsPage.Of(all));
                terminal.Note($"Written: {file}");
            }

            if (parsed.GetValue(systems) is { } folder)
            {
                WriteSystemPages(folder, all);
                terminal.Note($"Written: a page per system in {folder}");
            }

            return Task.FromResult(Report(terminal, failures, all));
        });
        outputs.AddTo(command);
        return command;
    }

    private static void Demand(string[] labels, IEnumerable<RecipeEntry> entries)
    {
        string[] known = [.. entries.Select(entry => entry.Label).Distinct()];
        string[] problems = [.. labels.Where(label => !known.Contains(label)).Select(label => $"No entry has the label '{label}'.{NearestName.DidYouMean(label, known)} There are {string.Join(", ", known.Select(one => $"'{one}'"))}.")];
        if (problems.Length > 0)
        {
            throw new InputException(problems);
        }
    }

    // Trials are told by a line each, and what chooses the epochs alone by its epochs.
    private static (ITuningObserver, ITrainingObserver) Choosing(Terminal terminal, RecipeEntry entry)
    {
        var search = new TuningDisplay(terminal.Progress);
        terminal.Note(entry.Tune > 0 ? $"{entry.Label}: {entry.Tune} settings on the validation part" : $"{entry.Label}: the number of epochs, on the validation part");
        return (search, entry.Tune > 0 ? search : new TrainingDisplay(terminal.Progress, $"{entry.Label} (choosing epochs)"));
    }

    private static string SystemPageOf(string folder, SystemInfo system) => Path.Combine(folder, $"{system.Id}.md");

    private static List<(string File, Recipe Recipe)> Read(string[] paths)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            files.AddRange(Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.yaml").Order(StringComparer.Ordinal) : [path]);
        }

        return files.Count > 0 ? [.. files.Select(file => (file, RecipeReader.Read(file, SystemCatalog.Find)))] : throw new InputException($"'{paths[0]}' holds no recipe (*.yaml).");
    }

    // The recipes that were named, and those in the same folders; other files of settings there are none.
    private static List<(string File, Recipe Recipe)> Beside(IEnumerable<(string File, Recipe Recipe)> named, Terminal terminal)
    {
        var found = named.ToDictionary(pair => Path.GetFullPath(pair.File), pair => pair.Recipe);
        foreach (var file in found.Keys.Select(Path.GetDirectoryName).Distinct().SelectMany(folder => Directory.EnumerateFiles(folder!, "*.yaml")).Where(file => !found.ContainsKey(file)).ToList())
        {
            try
            {
                found[file] = RecipeReader.Read(file, SystemCatalog.Find);
            }
            catch (InputException odd)
            {
                terminal.Note($"Left out: {Path.GetFileName(file)} is no recipe that can be read ({odd.Problems[0]})");
            }
        }

        return [.. found.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))];
    }

    // What recipes have measured is kept beside them.
    private static RecipeArchive Archive(string file) => new(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "results"));

    private static void WriteSystemPages(string folder, IReadOnlyList<(Recipe Recipe, IReadOnlyList<(RecipeEntry Entry, RecipeResult Result)> Results)> recipes)
    {
        Directory.CreateDirectory(folder);
        foreach (var system in SystemCatalog.Systems)
        {
            var results = recipes.SelectMany(recipe => recipe.Results.Where(pair => pair.Entry.Configuration.System == system).Select(pair => (recipe.Recipe, pair.Entry, pair.Result))).ToList();
            File.WriteAllText(SystemPageOf(folder, system), SystemPage.Of(system, results));
        }
    }

    private static int Report(Terminal terminal, List<string> failures, IReadOnlyList<(Recipe Recipe, IReadOnlyList<(RecipeEntry Entry, RecipeResult Result)> Results)> recipes)
    {
        var figures = recipes.SelectMany(recipe => recipe.Recipe.Entries.Select(entry => recipe.Results.FirstOrDefault(pair => pair.Entry == entry).Result is { } result
            ? new { recipe = recipe.Recipe.Name, entry.Label, seeds = result.Seeds, metrics = (Dictionary<string, double>?)Figures(entry, result) }
            : new { recipe = recipe.Recipe.Name, entry.Label, seeds = 0, metrics = (Dictionary<string, double>?)null })).ToList();
        var done = terminal.Result(figures, console =>
        {
            foreach (var figure in figures)
            {
                console.WriteLine($"{figure.recipe}  {figure.Label}: {(figure.metrics is null ? "no completed run" : string.Join("  ", figure.metrics.Select(pair => $"{pair.Key} {pair.Value:0.0000}")))}");
            }
        });
        return failures.Count == 0 ? done : terminal.Fail(new InputException(failures));
    }

    private static Dictionary<string, double> Figures(RecipeEntry entry, RecipeResult result)
    {
        var named = entry.References.Select(reference => reference.Metric).Distinct().ToList();
        return (named.Count > 0 ? named : result.Metrics.Keys.Take(4).Prepend(RecipeComparison.MainMetric(entry, result)).Distinct()).Where(metric => result.Figure(metric) is not null).ToDictionary(metric => metric, metric => result.Figure(metric)!.Mean);
    }
}
