using System.Globalization;
using System.Text;
using Tastemaker.Configuration;

namespace Tastemaker.Recipes;

/// <summary>
/// docs/results.md, made from what recipes have measured and never typed: a summary of all systems, then for each recipe what it did, the published value, ours with its
/// interval, our goal, the best baseline on the same split, what settings were chosen on, and the command that repeats it.
/// </summary>
internal static class ResultsPage
{
    /// <summary>The page.</summary>
    /// <param name="recipes">Recipes with the results of their entries; entries without a result are listed as not run.</param>
    public static string Of(IReadOnlyList<(Recipe Recipe, IReadOnlyList<(RecipeEntry Entry, RecipeResult Result)> Results)> recipes)
    {
        var page = new StringBuilder("""
            # Results

            Made by `taste reproduce` from runs; do not edit. Intervals are 95 %: by bootstrap of the mean over requests; on labeled rows by DeLong's error of AUC and errors of
            means, clustered by user. **Published** holds only what somebody else has published, with its source; our own **goals**, and values that an independent program computed on the same split, have a
            column of their own. The best baseline is the best of the family Baselines on the same split, tuned where its row says so. "Chosen on" says which data the settings were chosen on; **test data** marks rows that are
            too good for that reason. Recipes name data files below the folder that `TASTEMAKER_DATA` names; the data itself is its publishers'.


            """);
        ResultsSummary.Append(page, recipes);
        foreach (var (recipe, results) in recipes)
        {
            Section(page, recipe, results);
        }

        return page.ToString();
    }

    /// <summary>A value with its interval and its standard deviation over seeds; whether it misses a goal.</summary>
    public static string Ours(RecipeEntry entry, RecipeResult result, string metric)
    {
        if (result.Figure(metric) is not { } figure)
        {
            return "not measured";
        }

        var text = $"**{Number(figure.Mean)}**";
        text += figure is { Lower: { } lower, Upper: { } upper } ? $" [{Number(lower)}, {Number(upper)}]" : "";
        text += figure.Deviation is { } deviation ? $" ± {Number(deviation)}" : "";
        var missed = entry.References.Any(reference => reference.Kind == ReferenceKind.Goal && reference.Metric == metric && RecipeComparison.IsBetter(metric, reference.Value, figure.Mean));
        return missed ? text + " (below goal)" : text;
    }

    /// <summary>What somebody has published for a metric of an entry; empty where nobody has.</summary>
    public static string Published(RecipeEntry entry, string metric) => string.Join("; ", entry.References
        .Where(reference => reference.Metric == metric && reference.Kind == ReferenceKind.Published).Select(reference => $"{Number(reference.Value)} ({reference.Source})"));

    /// <summary>Four decimals.</summary>
    public static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static void Section(StringBuilder page, Recipe recipe, IReadOnlyList<(RecipeEntry Entry, RecipeResult Result)> results)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {recipe.Title}\n\n");
        page.Append(recipe.Description.Length > 0 ? recipe.Description.Trim() + "\n\n" : "");
        if (results.Count == 0)
        {
            page.Append("Not run yet.\n");
        }
        else
        {
            Facts(page, [.. results.Select(pair => pair.Result)]);
            Table(page, results);
        }

        Notes(page, recipe, results);
        page.Append(CultureInfo.InvariantCulture, $"\nRepeat with `taste reproduce {recipe.Path ?? recipe.Name + ".yaml"}`.\n");
    }

    private static void Facts(StringBuilder page, List<RecipeResult> results)
    {
        foreach (var group in results.GroupBy(result => (result.SplitFingerprint, result.Protocol)))
        {
            var first = group.First();
            var whom = group.Count() == results.Count ? "" : $" ({string.Join(", ", group.Select(result => result.Label))})";
            page.Append(CultureInfo.InvariantCulture,
                $"- Data: {first.Data} (`{first.DataFingerprint}`); split: {first.Split} (`{first.SplitFingerprint}`); {first.Protocol}; {first.Measured}{whom}\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"- Made with {string.Join("; ", results.SelectMany(result => result.MadeWith).Distinct())}\n\n");
    }

    private static void Table(StringBuilder page, IReadOnlyList<(RecipeEntry Entry, RecipeResult Result)> results)
    {
        page.Append("| System | Metric | Published | Ours | Goal, or computed independently | Best baseline | Chosen on | Seeds | Training |\n|---|---|---|---|---|---|---|---|---|\n");
        var main = RecipeComparison.MainMetric(results);
        foreach (var (entry, result) in results)
        {
            var first = true;
            foreach (var metric in entry.References.Select(reference => reference.Metric).Prepend(main).Distinct().Where(metric => result.Figure(metric) is not null))
            {
                var baseline = RecipeComparison.BestBaseline(results, result, metric) is var (label, value) ? $"{Number(value)} ({label})" : "";
                var rest = first ? $"{ChosenOn(entry)} | {result.Seeds} | {result.TrainingSeconds:0.#} s" : " | | ";
                page.Append(CultureInfo.InvariantCulture, $"| {(first ? entry.Label : "")} | {metric} | {Published(entry, metric)} | {Ours(entry, result, metric)} | {Other(entry, metric)} | {baseline} | {rest} |\n");
                first = false;
            }
        }
    }

    private static string ChosenOn(RecipeEntry entry) => entry.ChosenOn == SettingsChosenOn.Test ? "**test data**"
        : entry.Tune > 0 ? string.Create(CultureInfo.InvariantCulture, $"validation ({entry.Tune} trials)")
        : entry.ChosenOn is { } on ? on.ToString().ToLowerInvariant() : "";

    private static string Other(RecipeEntry entry, string metric) => string.Join("; ", entry.References
        .Where(reference => reference.Metric == metric && reference.Kind != ReferenceKind.Published)
        .Select(reference => reference.Kind == ReferenceKind.Goal ? $"goal {Number(reference.Value)}" : $"{Number(reference.Value)} ({reference.Source})"));

    private static void Notes(StringBuilder page, Recipe recipe, IReadOnlyList<(RecipeEntry Entry, RecipeResult Result)> results)
    {
        var notRun = recipe.Entries.Where(entry => results.All(pair => pair.Entry != entry)).Select(entry => entry.Label).ToList();
        // Rows of which no configuration is kept come from before there was an archive; defaults and systems have changed since.
        var earlier = results.Where(pair => pair.Result.Configuration != pair.Entry.WithSeed(pair.Entry.Seeds[0]).Fingerprint).Select(pair => pair.Entry.Label).ToList();
        List<string> notes =
        [
            .. recipe.Entries.Where(entry => entry.Note.Length > 0).Select(entry => $"{entry.Label}: {entry.Note.Trim()}"),
            .. notRun.Count > 0 && results.Count > 0 ? [$"Not run: {string.Join(", ", notRun)}."] : Array.Empty<string>(),
            .. earlier.Count > 0 ? [$"Measured by an earlier version, whose settings, defaults or systems may differ from today's: {(earlier.Count == results.Count ? "all rows" : string.Join(", ", earlier))}."] : Array.Empty<string>(),
        ];
        page.Append(notes.Count > 0 ? "\n" : "");
        foreach (var note in notes)
        {
            page.Append(CultureInfo.InvariantCulture, $"- {note}\n");
        }
    }
}
