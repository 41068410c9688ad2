using System.Globalization;
using System.Text;
using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Systems;

namespace Tastemaker.Recipes;

/// <summary>The top of docs/results.md: a row per system of the catalog, with the published value nearest to what we can measure, ours, the best baseline, and a verdict.</summary>
internal static class ResultsSummary
{
    /// <summary>Appends the table.</summary>
    public static void Append(StringBuilder page, IReadOnlyList<(Recipe Recipe, IReadOnlyList<(RecipeEntry Entry, RecipeResult Result)> Results)> recipes)
    {
        page.Append("## Summary\n\nOne row per system: the run with a published value if there is one, else with a goal, else the first. Baselines are compared with the other baselines.\n\n");
        page.Append("| System | Data | Metric | Published | Ours | Best baseline | Verdict |\n|---|---|---|---|---|---|---|\n");
        List<string> unmeasured = [];
        foreach (var system in SystemCatalog.Systems)
        {
            if (Row(system, recipes) is { } row)
            {
                page.Append(row);
            }
            else
            {
                unmeasured.Add(system.Id);
            }
        }

        page.Append(unmeasured.Count > 0 && 2 * unmeasured.Count < SystemCatalog.Systems.Count ? // a page of somebody's own recipes is not about the catalog
            $"\nNot measured by a recipe yet: {string.Join(", ", unmeasured)}.\n" : "");
    }

    private static string? Row(SystemInfo system, IReadOnlyList<(Recipe Recipe, IReadOnlyList<(RecipeEntry Entry, RecipeResult Result)> Results)> recipes)
    {
        var candidates = recipes.SelectMany(recipe => recipe.Results.Where(pair => pair.Entry.Configuration.System == system).Select(pair => (recipe.Results, pair.Entry, pair.Result))).ToList();
        if (candidates.Count == 0)
        {
            return null;
        }

        var (results, entry, result) = candidates.MinBy(pair => pair.Entry.References.Select(reference => (int)reference.Kind).DefaultIfEmpty(int.MaxValue).Min());
        var metric = entry.References.Where(reference => result.Figure(reference.Metric) is not null).OrderBy(reference => reference.Kind).Select(reference => reference.Metric)
            .FirstOrDefault(RecipeComparison.MainMetric(results));
        if (result.Figure(metric) is not { } ours)
        {
            return null;
        }

        var baseline = RecipeComparison.BestBaseline(results, result, metric);
        var published = entry.References.FirstOrDefault(reference => reference.Metric == metric && reference.Kind == ReferenceKind.Published);
        string[] cells =
        [
            entry.Label == system.Id ? $"`{system.Id}`" : $"`{system.Id}` ({entry.Label})", result.Data, metric, ResultsPage.Published(entry, metric), ResultsPage.Ours(entry, result, metric),
            baseline is var (label, value) ? $"{ResultsPage.Number(value)} ({label})" : "", Verdict(entry, metric, ours, published, baseline),
        ];
        return $"| {string.Join(" | ", cells)} |\n";
    }

    private static string Verdict(RecipeEntry entry, string metric, RecipeFigure ours, MetricReference? published, (string Label, double Value)? baseline)
    {
        List<string> parts = [];
        if (published is not null)
        {
            parts.Add(Against(metric, ours, published.Value, "the published value"));
        }

        if (baseline is var (_, value))
        {
            parts.Add(Against(metric, ours, value, "the best baseline"));
        }

        if (entry.ChosenOn == SettingsChosenOn.Test)
        {
            parts.Add("settings chosen on test data");
        }

        return string.Join("; ", parts);
    }

    private static string Against(string metric, RecipeFigure ours, double other, string what) => ours switch
    {
        { Lower: { } lower, Upper: { } upper } when other >= lower && other <= upper => $"level with {what}",
        _ when Math.Abs(ours.Mean - other) < 5e-5 => $"equal to {what}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{(RecipeComparison.IsBetter(metric, ours.Mean, other) ? "better" : "worse")} than {what} by {Math.Abs(ours.Mean - other):0.0000}"),
    };
}
