using System.Text;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Evaluation.Reports;

/// <summary>
/// A comparison of systems as one HTML file that needs nothing else: leaderboard with intervals and significance, reliability of
/// predicted clicks, slices, curves, popularity bias, results by activity, sample lists, and what is needed to repeat it.
/// </summary>
public static class HtmlReport
{
    /// <summary>The page as text.</summary>
    /// <exception cref="InputException">The results cannot be compared; see <see cref="ComparisonTable.Compare"/>.</exception>
    public static string Render(ReportContent content)
    {
        var table = ComparisonTable.Compare([.. content.Systems.Select(system => (system.Name, system.Result))], content.Comparison);
        var places = table.Rows.Select((row, index) => (row.System, index)).ToDictionary(row => row.System, row => row.index);
        int Color(string system) => places[system];
        content = content with { Systems = [.. content.Systems.OrderBy(system => places[system.Name])] };
        Markup[] sections =
        [
            LeaderboardSection.Render(table, content, Color),
            Verdict(content),
            ReliabilitySection.Render(content, table, Color),
            SlicesSection.Render(content, table),
            ChartSections.Cutoffs(table, Color),
            ChartSections.Activity(content, table, Color),
            ChartSections.Popularity(content, table, Color),
            ChartSections.Training(content, Color),
            SamplesSection.Render(content),
            Facts(content, table),
        ];
        return Page(content, table, sections).Text;
    }

    /// <summary>Writes the page to a file, whole or not at all.</summary>
    public static void Write(ReportContent content, string path)
    {
        var unfinished = path + ".part";
        File.WriteAllText(unfinished, Render(content), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(unfinished, path, overwrite: true);
    }

    private static Markup Page(ReportContent content, ComparisonTable table, Markup[] sections)
    {
        var result = content.Systems[0].Result;
        (string Id, string Title)[] links =
        [
            ("leaderboard", "Leaderboard"), ("verdict", "Verdict"), ("reliability", "Reliability"), ("slices", "By slice"), ("cutoffs", "By list length"), ("activity", "By user activity"), ("popularity", "Popularity bias"),
            ("training", "Training"), ("samples", "Sample lists"), ("facts", "Data and method"),
        ];
        var present = links.Where(link => sections.Any(section => section.Text.Contains($"<section id=\"{link.Id}\"", StringComparison.Ordinal)));
        var protocol = content.HoldOut.Candidates is null && !result.Protocol.Contains("biased", StringComparison.Ordinal)
            ? Markup.Of($"""<p>{Summary(content, table)}</p>""")
            : Markup.Of($"""<p class="biased">{Summary(content, table)}</p>""");
        return Markup.Of($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="generator" content="Tastemaker">
            <title>{content.Title} · Tastemaker</title><style>{ReportStyle.Css}</style></head><body><main>
            <header><h1>{content.Title}</h1>{protocol}</header>
            <nav aria-label="Sections">{present.Select(link => Markup.Of($"""<a href="#{link.Id}">{link.Title}</a>"""))}</nav>
            {sections}
            </main><script>{ReportStyle.Script}</script></body></html>
            """);
    }

    private static string Summary(ReportContent content, ComparisonTable table)
    {
        var result = content.Systems[0].Result;
        var rows = result.Clicks is { } clicks ? $"{clicks.Count} labelled rows · " : "";
        var requests = result.Requests > 0 ? $"{result.Requests} requests · " : "";
        return $"{table.Rows.Count} systems · {rows}{requests}{content.Train.ItemCount} items · {result.Protocol}";
    }

    private static Markup Verdict(ReportContent content) => content.Verdict.Count == 0
        ? Markup.Empty
        : Markup.Of($"""<section id="verdict"><h2>Verdict</h2><ul class="findings">{content.Verdict.Select(sentence => Markup.Of($"<li>{sentence}</li>"))}</ul></section>""");

    private static Markup Facts(ReportContent content, ComparisonTable table)
    {
        var notes = content.Notes.Concat(table.Notes).Concat(content.Systems.SelectMany(system => system.Result.Notes)).Distinct().ToArray();
        var metrics = table.Metrics.Select(MetricCatalog.Find).OfType<MetricInfo>().Distinct();
        return Markup.Of($"""
            <section id="facts"><h2>Data and method</h2><dl>
            {content.Facts.Select(fact => Markup.Of($"""<dt>{fact.Name}</dt><dd>{fact.Value}</dd>"""))}
            <dt>Protocol</dt><dd>{content.Systems[0].Result.Protocol}</dd>
            <dt>Training interactions</dt><dd>{content.Train.Interactions.Count:N0}</dd>
            {(content.Systems[0].Result.Clicks is { } clicks ? Markup.Of($"""<dt>Labelled rows</dt><dd>{clicks.Count:N0}, of which {clicks.Positives:N0} ({100.0 * clicks.Positives / clicks.Count:0.##} %) are positive</dd>""") : Markup.Empty)}
            {(content.HoldOut.Count > 0 ? Markup.Of($"""<dt>Held-out targets</dt><dd>{content.HoldOut.Targets.EntryCount:N0} of {content.HoldOut.Count:N0} requests</dd>""") : Markup.Empty)}</dl>
            {(notes.Length > 0 ? Markup.Of($"""<h3>Notes</h3><ul>{notes.Select(note => Markup.Of($"""<li>{note}</li>"""))}</ul>""") : Markup.Empty)}
            <details><summary>Definitions</summary><dl>{metrics.Select(metric => Markup.Of($"""<dt>{metric.Title}</dt><dd>{metric.Description}<br><code>{metric.Formula}</code></dd>"""))}</dl></details>
            </section>
            """);
    }
}
