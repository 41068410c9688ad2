using System.Globalization;
using System.Text;
using Tastemaker.Configuration;
using Tastemaker.Evaluation;

namespace Tastemaker.Runs;

/// <summary>
/// docs/results.md, made from the run folders of recipes and never typed: what each recipe did, a row a system with the published figure, ours
/// with its interval, the best baseline on the same split, and the command that repeats it.
/// </summary>
internal static class ResultsPage
{
    private const string Mark = "\n## ";

    /// <summary>The page.</summary>
    /// <param name="recipes">Recipes with the root of their run folders; entries without completed runs are listed as not run.</param>
    /// <param name="earlier">The page as it was: its sections of other recipes stay, in their order.</param>
    public static string Of(IReadOnlyList<(Recipe Recipe, RecipeRun Runs)> recipes, string earlier = "")
    {
        var page = new StringBuilder("# Results\n\nMade by `taste reproduce` from run folders; do not edit. Intervals are 95%: by bootstrap of the mean over\nrequests; on labelled rows by DeLong's error of AUC and errors of means, clustered by user. Recipes name data files below the folder that `TASTEMAKER_DATA` names; the data itself is its publishers'.\n");
        var sections = new OrderedDictionary<string, string>(
            earlier.Split(Mark)[1..].Select(text => KeyValuePair.Create(text[..text.IndexOf('\n', StringComparison.Ordinal)], Mark + text.TrimEnd('\n') + "\n")));
        foreach (var (recipe, runs) in recipes)
        {
            sections[recipe.Title] = Section(recipe, runs);
        }

        return page.AppendJoin("", sections.Values).ToString();
    }

    private static string Section(Recipe recipe, RecipeRun runs)
    {
        var page = new StringBuilder();
        var results = recipe.Entries.Select(entry => (Entry: entry, Runs: runs.Completed(entry))).Where(pair => pair.Runs.Count > 0)
            .Select(pair => new RecipeResult(pair.Entry, pair.Runs)).ToList();
        page.Append(CultureInfo.InvariantCulture, $"{Mark}{recipe.Title}\n\n");
        if (recipe.Description.Length > 0)
        {
            page.Append(recipe.Description.Trim()).Append("\n\n");
        }

        if (results.Count == 0)
        {
            page.Append("Not run yet.\n");
        }
        else
        {
            Facts(page, results);
            Table(page, results);
        }

        Notes(page, recipe, results);
        return page.Append(CultureInfo.InvariantCulture, $"\nRepeat with `taste reproduce recipes/{recipe.Name}.yaml`.\n").ToString();
    }

    private static void Facts(StringBuilder page, List<RecipeResult> results)
    {
        foreach (var group in results.GroupBy(result => (result.Runs[0].Manifest.SplitFingerprint, result.Protocol)))
        {
            var (manifest, first) = (group.First().Runs[0].Manifest, group.First());
            var whom = group.Count() == results.Count ? "" : $" ({string.Join(", ", group.Select(result => result.Entry.Label))})";
            page.Append(CultureInfo.InvariantCulture,
                $"- Data: {manifest.Data} (`{manifest.DataFingerprint}`); split: {manifest.Split} (`{manifest.SplitFingerprint}`); {first.Protocol}; {first.Measured}{whom}\n");
        }

        var versions = results.SelectMany(result => result.Runs).Select(run => run.Manifest)
            .Select(manifest => $"Tastemaker {manifest.Library}, libtorch {manifest.Libtorch}, {manifest.Runtime}, {manifest.Platform}").Distinct();
        page.Append(CultureInfo.InvariantCulture, $"- Made with {string.Join("; ", versions)}\n\n");
    }

    private static void Table(StringBuilder page, List<RecipeResult> results)
    {
        var metrics = Columns(results);
        page.Append(CultureInfo.InvariantCulture, $"| System | {string.Join(" | ", metrics.Select(metric => $"{metric} published | {metric} ours | best baseline"))} | Seeds | Training |\n");
        page.Append('|').Append(string.Concat(Enumerable.Repeat("---|", (metrics.Count * 3) + 3))).Append('\n');
        foreach (var result in results)
        {
            var cells = metrics.Select(metric => $"{Published(result.Entry, metric)} | {Ours(result, metric)} | {BestBaseline(results, result, metric)}");
            var seconds = result.Runs.Average(run => run.Manifest.TrainingSeconds ?? 0);
            page.Append(CultureInfo.InvariantCulture, $"| {result.Entry.Label} | {string.Join(" | ", cells)} | {result.Runs.Count} | {seconds:0.#} s |\n");
        }
    }

    /// <summary>Metrics that an entry has a published figure or target of; without any, the first measured.</summary>
    private static List<string> Columns(List<RecipeResult> results)
    {
        var referenced = results.SelectMany(result => result.Entry.References).Select(reference => reference.Metric).Distinct().ToList();
        return referenced.Count > 0 ? referenced : [.. results[0].Metrics.Take(1)];
    }

    private static string Published(RecipeEntry entry, string metric)
    {
        var figures = entry.References.Where(reference => reference.Metric == metric)
            .Select(reference => reference.IsTarget ? $"target {Number(reference.Value)}" : $"{Number(reference.Value)} ({reference.Source})").ToList();
        return figures.Count > 0 ? string.Join("; ", figures) : "";
    }

    private static string Ours(RecipeResult result, string metric)
    {
        if (result.Figure(metric) is not { } figure)
        {
            return "not measured";
        }

        var text = $"**{Number(figure.Mean)}**";
        text += figure is { Lower: { } lower, Upper: { } upper } ? $" [{Number(lower)}, {Number(upper)}]" : "";
        text += figure.Deviation is { } deviation ? $" ± {Number(deviation)}" : "";
        var missed = result.Entry.References.Any(reference => reference.IsTarget && reference.Metric == metric && IsBetter(metric, reference.Value, figure.Mean));
        return missed ? text + " (below target)" : text;
    }

    private static string BestBaseline(List<RecipeResult> results, RecipeResult own, string metric)
    {
        var split = own.Runs[0].Manifest.SplitFingerprint;
        var baselines = results
            .Where(result => result != own && result.Entry.Configuration.System.Family == "Baselines" && result.Runs[0].Manifest.SplitFingerprint == split)
            .Select(result => (result.Entry.Label, Figure: result.Figure(metric))).Where(pair => pair.Figure is not null).ToList();
        return baselines.Count == 0 ? ""
            : baselines.Aggregate((best, next) => IsBetter(metric, next.Figure!.Mean, best.Figure!.Mean) ? next : best) is var found
                ? $"{Number(found.Figure!.Mean)} ({found.Label})"
                : "";
    }

    private static void Notes(StringBuilder page, Recipe recipe, List<RecipeResult> results)
    {
        var notRun = recipe.Entries.Where(entry => results.All(result => result.Entry != entry)).Select(entry => entry.Label).ToList();
        var notes = recipe.Entries.Where(entry => entry.Note.Length > 0).Select(entry => $"{entry.Label}: {entry.Note.Trim()}").ToList();
        if (notRun.Count > 0 && results.Count > 0)
        {
            notes.Add($"Not run: {string.Join(", ", notRun)}.");
        }

        foreach (var note in notes)
        {
            page.Append(page[^2] == '|' ? "\n" : "").Append(CultureInfo.InvariantCulture, $"- {note}\n");
        }
    }

    private static bool IsBetter(string metric, double value, double than) =>
        MetricCatalog.Find(metric)?.Direction == MetricDirection.LowerIsBetter ? value < than : value > than;

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
