using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Evaluation.Reports;

/// <summary>The table of systems: figures at the main cut-off with intervals and significance marks, all others folded away.</summary>
internal static class LeaderboardSection
{
    public static Markup Render(ComparisonTable table, ReportContent content, Func<string, int> color)
    {
        var cutoff = MetricCatalog.CutoffOf(table.MainMetric);
        string[] all = [.. table.Metrics.OrderBy(metric => metric != table.MainMetric)];
        var shown = all.Where(metric => MetricCatalog.CutoffOf(metric) is var own && (own == cutoff || own == "")).ToArray();
        return Markup.Of($"""
            <section id="leaderboard"><h2>Leaderboard</h2>
            {ForestPlot.Render(table, color)}
            <p class="hint">Select a heading to sort. <span class="better">▲</span> significantly better and <span class="worse">▼</span> significantly worse
            than the reference, <b>{table.Reference}</b>; <span class="differs">◆</span> different, on figures that are neither good nor bad;
            = not distinguishable. No mark: not tested. Bold: best of the column.</p>
            {Table(table, shown, content, isMain: true)}
            {(shown.Length < table.Metrics.Count ? Markup.Of($"""<details><summary>All {table.Metrics.Count} metrics</summary>{Table(table, all, content, isMain: false)}</details>""") : Markup.Empty)}
            {Notes(content)}{Findings(table)}
            </section>
            """);
    }

    private static Markup Table(ComparisonTable table, string[] metrics, ReportContent content, bool isMain)
    {
        var costs = isMain ? Costs(content) : [];
        var failed = isMain ? content.Failed : [];
        // Costs stand beside the main metric, where no table is too wide for them.
        Markup Heading(string metric) => Markup.Of($"""<th scope="col" class="number" title="{MetricCatalog.Find(metric)?.Description}"><button>{metric}</button></th>""");
        Markup Figure(ComparisonRow row, string metric) => Cell(row.Cells[metric], IsBest(table, row, metric));
        return Markup.Of($"""
            <div class="scroll" tabindex="0" role="region" aria-label="Figures by system"><table class="sortable"><thead><tr><th scope="col"><button>System</button></th>
            {Heading(metrics[0])}{costs.Select(cost => Markup.Of($"""<th scope="col" class="number" title="{cost.Meaning}"><button>{cost.Title}</button></th>"""))}{metrics.Skip(1).Select(Heading)}</tr></thead><tbody>
            {table.Rows.Select(row => Markup.Of($"""
                <tr><th scope="row">{row.System}{Marker(content, row.System)}</th>{Figure(row, metrics[0])}{costs.Select(cost => Cost(cost, content.Systems.First(system => system.Name == row.System)))}{metrics.Skip(1).Select(metric => Figure(row, metric))}</tr>
                """))}
            </tbody>{(failed.Count > 0 ? Markup.Of($"""<tfoot>{failed.Select(system => Markup.Of($"""<tr class="failed"><th scope="row">{system.Name}</th><td colspan="{metrics.Length + costs.Length}">failed: {system.Reason}</td></tr>"""))}</tfoot>""") : Markup.Empty)}</table></div>
            """);
    }

    private sealed record CostColumn(string Title, string Meaning, Func<SystemReport, double?> Value, Func<SystemReport, string> Text);

    private static CostColumn[] Costs(ReportContent content) => [.. new CostColumn[]
    {
        new("training", "Seconds of training, without the search for settings.", system => system.TrainingSeconds, system => ReportNumber.Duration(system.TrainingSeconds)),
        new($"per {content.Systems[0].ScoredUnit}", "Time of the evaluation on the test part: scoring, ranking and metrics.", system => system.ScoringMilliseconds, system => ReportNumber.Milliseconds(system.ScoringMilliseconds)),
        new("model", "Size of the saved model.", system => system.ModelBytes, system => ReportNumber.Size(system.ModelBytes)),
    }.Where(cost => content.Systems.Any(system => cost.Value(system) is not null))];

    private static Markup Cost(CostColumn cost, SystemReport system) => Markup.Of($"""<td data-value="{cost.Value(system) ?? -1:R}"><span>{cost.Text(system)}</span></td>""");

    private static Markup Marker(ReportContent content, string name) => content.Systems.First(system => system.Name == name).Notes is { Count: > 0 } notes
        ? Markup.Of($""" <abbr title="{string.Join(" ", notes)}">*</abbr>""")
        : Markup.Empty;

    private static Markup Notes(ReportContent content) => content.Systems.All(system => system.Notes.Count == 0) ? Markup.Empty : Markup.Of($"""
        <h3>Notes on the runs (*)</h3>
        <ul class="findings">{content.Systems.SelectMany(system => system.Notes.Select(note => Markup.Of($"<li><b>{system.Name}</b>: {note}</li>")))}</ul>
        """);

    private static Markup Cell(ComparisonCell cell, bool isBest)
    {
        var reach = cell.Interval is { } interval ? Markup.Of($"""<small>{ReportNumber.Format(interval.Lower)} – {ReportNumber.Format(interval.Upper)}</small>""") : Markup.Empty;
        return Markup.Of($"""<td data-value="{cell.Mean:R}"{(isBest ? new Markup(" class=\"best\"") : Markup.Empty)}><span>{ReportNumber.Format(cell.Mean)}{Mark(cell)}</span>{reach}</td>""");
    }

    private static Markup Mark(ComparisonCell cell)
    {
        var (sign, style) = cell.Verdict switch
        {
            Verdict.Better => ("▲", "better"),
            Verdict.Worse => ("▼", "worse"),
            Verdict.Different => ("◆", "differs"),
            Verdict.NoDifference => ("=", "same"),
            _ => ("", ""),
        };
        return sign.Length == 0
            ? Markup.Empty
            : Markup.Of($"""<abbr class="{style}" title="difference {cell.Difference ?? 0:+0.0000;-0.0000;0.0000}, corrected p {cell.CorrectedPValue ?? 1:0.####}">{sign}</abbr>""");
    }

    private static bool IsBest(ComparisonTable table, ComparisonRow row, string metric)
    {
        var values = table.Rows.Select(other => other.Cells[metric].Mean);
        return MetricCatalog.Find(metric)?.Direction switch
        {
            MetricDirection.HigherIsBetter => row.Cells[metric].Mean >= values.Max(),
            MetricDirection.LowerIsBetter => row.Cells[metric].Mean <= values.Min(),
            _ => false,
        };
    }

    private static Markup Findings(ComparisonTable table) => Markup.Of($"""
        <h3>Findings on {table.MainMetric}</h3>
        <ul class="findings">{table.Rows.Where(row => row.System != table.Reference).Select(row => Markup.Of($"""<li><b>{row.System}</b> is {table.Explain(row)}</li>"""))}</ul>
        <p class="hint">{Method(table)} p-values are after Holm's correction for {table.Tests} tests. A difference is called
        significant only where both agree. One training run of each system: the chance of another seed is not in these intervals.</p>
        """);

    private static string Method(ComparisonTable table) => MetricCatalog.Find(table.MainMetric)?.Kind == MetricKind.Value
        ? "Paired over the same ratings, errors of a user taken together (squared errors for RMSE): interval and test by the standard error of the difference."
        : table.Units == ComparisonTable.Users
        ? "Paired over the same labelled rows, rows of a user taken together: interval and test by the standard error of the difference (DeLong's for AUC)."
        : $"Paired over the same requests: bootstrap interval of the mean difference ({table.Options.Resamples:N0} resamples) and Wilcoxon's signed-rank test (McNemar's for metrics that are 0 or 1).";
}
