using System.Globalization;
using System.Text;
using Tastemaker.Configuration;
using Tastemaker.Systems;

namespace Tastemaker.Recipes;

/// <summary>docs/systems/ID.md, made from the catalog and from completed runs: what a system is, its options, its paper, its figures.</summary>
internal static class SystemPage
{
    /// <summary>The page of a system.</summary>
    /// <param name="system">The catalog entry.</param>
    /// <param name="results">What recipes have measured of this system.</param>
    public static string Of(
        SystemInfo system, IReadOnlyList<(Recipe Recipe, RecipeEntry Entry, RecipeResult Result)> results)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# {system.Name}\n\n{system.Summary}\n\n");
        page.Append(CultureInfo.InvariantCulture, $"- Id: `{system.Id}`\n- Family: {system.Family}\n- Paper: {system.Paper}\n- Answers: {AnswersText(system)}\n");
        page.Append(CultureInfo.InvariantCulture, $"- Needs: {NeedsText(system)}\n");
        page.Append(string.Concat(system.MayRead.Select(text => $"- May read: {text}\n")));
        page.Append(system.PredictsRatings ? "- Predicts values (ratings) too\n" : "");
        page.Append(system.ScoresByInnerProduct ? "- Scores by inner products: [an index or a vector store](../retrieval.md) can answer for it\n" : "");
        page.Append(system.PredictsClicks ? "- Predicts probabilities of clicks, by rows of [features](../features.md)\n" : "");
        page.Append(CultureInfo.InvariantCulture, $"\n```sh\ntaste train ratings.csv --system {system.Id}\n```\n\n## Options\n\n");
        Options(page, system);
        Results(page, [.. results.SelectMany(Rows)]);
        return page.ToString();
    }

    private static void Options(StringBuilder page, SystemInfo system)
    {
        var options = OptionSchema.Of(system.OptionsType).Options;
        if (options.Count == 0)
        {
            page.Append("None.\n");
            return;
        }

        page.Append("| Option | Type | Default | Range | Search | What it does |\n|---|---|---|---|---|---|\n");
        foreach (var option in options)
        {
            var cells = new[] { option.Symbol is { } symbol ? $"`{option.Name}`, `{symbol}`" : $"`{option.Name}`", option.TypeText, option.DefaultText, option.RangeText, option.SearchText, option.Description };
            page.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");
        }
    }

    private static void Results(StringBuilder page, IReadOnlyList<string> rows)
    {
        page.Append("\n## Results\n\n");
        if (rows.Count == 0)
        {
            page.Append("No recipe has measured it yet.\n");
            return;
        }

        page.Append("| Recipe | Run | Metric | Published | Ours |\n|---|---|---|---|---|\n");
        foreach (var row in rows.Order(StringComparer.Ordinal))
        {
            page.Append(row).Append('\n');
        }
    }

    private static IEnumerable<string> Rows((Recipe Recipe, RecipeEntry Entry, RecipeResult Result) found)
    {
        var (recipe, entry, result) = found;
        foreach (var metric in entry.References.Select(reference => reference.Metric).DefaultIfEmpty(result.Metrics.Keys.First()).Distinct())
        {
            var ours = result.Figure(metric) is { } figure ? figure.Mean.ToString("0.0000", CultureInfo.InvariantCulture) : "not measured";
            yield return $"| {recipe.Title} | {entry.Label} | {metric} | {ResultsPage.Published(entry, metric)} | {ours} |";
        }
    }

    private static string AnswersText(SystemInfo system) => string.Join(
        ", and ",
        new[]
        {
            UserText(system.Answers & Capabilities.Everyone),
            system.Answers.HasFlag(Capabilities.Features) ? "anyone of whom features are given" : "",
            system.Answers.HasFlag(Capabilities.Content) ? "anyone who brings a text" : "",
        }.Where(text => text.Length > 0));

    private static string UserText(Capabilities answers) => answers switch
    {
        Capabilities.KnownUsers => "users it was trained on",
        Capabilities.Histories => "anyone's history of items",
        Capabilities.Everyone => "users it was trained on, and cold-start users by their history",
        _ => "",
    };

    private static string NeedsText(SystemInfo system) => string.Join(", with ", new[] { "pairs of user and item", string.Join(" and ", system.Needs) }.Where(text => text.Length > 0));

}
