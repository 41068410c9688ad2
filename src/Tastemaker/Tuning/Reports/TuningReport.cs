using System.Globalization;
using Tastemaker.Artifacts;
using Tastemaker.Configuration;
using Tastemaker.Evaluation.Reports;
using Tastemaker.Evaluation.Significance;
using Tastemaker.Tuning.Trials;

namespace Tastemaker.Tuning.Reports;

/// <summary>report.html of a search: what it found and what that is worth, its pictures, and every trial. One file that needs nothing else.</summary>
internal static class TuningReport
{
    private const int ListedMetrics = 8;

    /// <summary>Writes the page, after the pictures, which it holds.</summary>
    public static void Write(TuningOutcome outcome, TuningFolder folder) => AtomicFile.WriteText(folder.Report, Page(outcome, folder).Text);

    /// <summary>How importance is computed, for readers.</summary>
    public static string ImportanceText =>
        "Trials are put into groups by the option's value (ranges: up to five groups of equal size); the figure is the share of the variance of the trials' ranks that lies between the "
        + "groups, less what as many groups of chance would show (adjusted R² of a one-way analysis of variance). Effects that options have only together do not count.";

    private static Markup Page(TuningOutcome outcome, TuningFolder folder) => Markup.Of($"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="generator" content="Tastemaker">
        <title>{outcome.Title} · Tastemaker</title><style>{ReportStyle.Css}</style></head><body><main>
        <header><h1>{outcome.Title}</h1><p>{outcome.Plan.Start.System.Name} · {outcome.Trials.Count} trials · {outcome.Split.Train.Data.Name} · {outcome.Split.Description}</p></header>
        {Result(outcome)}
        <section id="pictures"><h2>The search</h2><p class="hint">{ImportanceText}</p><div class="charts">{TuningPictures.Names(outcome.Plan).Select(name => Picture(folder.Picture(name), name))}</div></section>
        {TrialTable(outcome)}
        {Facts(outcome)}
        </main><script>{ReportStyle.Script}</script></body></html>
        """);

    private static IEnumerable<string> Listed(ComparisonTable table) => table.Metrics.OrderBy(metric => metric != table.MainMetric).Take(ListedMetrics);

    private static Markup Result(TuningOutcome outcome) => Markup.Of($"""
        <section id="result"><h2>Tuned against default</h2><p>{outcome.Verdict}</p>
        {(outcome.Comparison is { } table ? Markup.Of($"""
            <div class="scroll" tabindex="0" role="region" aria-label="Figures on the test part"><table><thead><tr><th scope="col">Test part</th>{Listed(table).Select(metric => Markup.Of($"""<th scope="col">{metric}</th>"""))}</tr></thead>
            <tbody>{table.Rows.Select(row => Markup.Of($"""<tr><th scope="row">{row.System}</th>{Listed(table).Select(metric => Markup.Of($"""<td>{ReportNumber.Format(row.Cells[metric].Mean)}{(row.Cells[metric].Interval is { } interval ? Markup.Of($""" <small>[{ReportNumber.Format(interval.Lower)}, {ReportNumber.Format(interval.Upper)}]</small>""") : Markup.Empty)}</td>"""))}</tr>"""))}</tbody></table></div>
            """) : Markup.Empty)}
        <h3>Settings</h3><div class="scroll" tabindex="0" role="region" aria-label="Settings"><table><thead><tr><th scope="col">Option</th><th scope="col">searched</th><th scope="col">default</th><th scope="col">tuned</th></tr></thead>
        <tbody>{outcome.Plan.Space.Dimensions.Select(dimension => Markup.Of($"""<tr><th scope="row">{dimension.Name}</th><td>{dimension.Text}</td><td>{outcome.Trials[0].Point[dimension.Name]}</td><td>{outcome.Best.Point[dimension.Name]}</td></tr>"""))}
        <tr><th scope="row">validation {outcome.Plan.Metric}</th><td></td><td>{Number(outcome.Trials[0].Last?.Metric)}</td><td>{Number(outcome.Best.Last!.Metric)}</td></tr></tbody></table></div></section>
        """);

    private static Markup Picture(string path, string name) => Markup.Of($"""
        <figure><img alt="{name}" style="max-width:100%;height:auto;border-radius:8px" src="data:image/png;base64,{new Markup(Convert.ToBase64String(File.ReadAllBytes(path)))}"></figure>
        """);

    private static Markup TrialTable(TuningOutcome outcome) => Markup.Of($"""
        <section id="trials"><h2>Trials</h2><div class="scroll" tabindex="0" role="region" aria-label="Trials"><table class="sortable"><thead><tr><th scope="col"><button>Trial</button></th><th scope="col"><button>validation {outcome.Plan.Metric}</button></th>
        {outcome.Plan.Space.Dimensions.Select(dimension => Markup.Of($"""<th scope="col">{dimension.Name}</th>"""))}<th scope="col"><button>epochs</button></th><th scope="col"><button>seconds</button></th><th scope="col">state</th></tr></thead><tbody>
        {outcome.Trials.Select(trial => Row(outcome, trial))}
        </tbody></table></div></section>
        """);

    private static Markup Row(TuningOutcome outcome, Trial trial) => Markup.Of($"""
        <tr><th scope="row">{trial.Number:000}</th><td data-value="{trial.Last?.Metric ?? double.NaN:R}">{Number(trial.Last?.Metric)}</td>{outcome.Plan.Space.Dimensions.Select(dimension => Markup.Of($"""<td>{trial.Point[dimension.Name]}</td>"""))}
        <td data-value="{trial.Last?.Epochs ?? 0}">{trial.Last?.Epochs ?? 0}</td><td data-value="{trial.Seconds:R}">{trial.Seconds:0.0}</td><td>{State(outcome, trial)}</td></tr>
        """);

    private static string State(TuningOutcome outcome, Trial trial) =>
        trial == outcome.Best ? "best"
        : trial.Last is not { } last ? "not trained"
        : last.Failure is { } failure ? $"failed: {failure}"
        : last.Ended ? "trained"
        : "not promoted";

    private static Markup Facts(TuningOutcome outcome)
    {
        var plan = outcome.Plan;
        var sampler = $"{OptionText.Of(plan.Tuning.Sampler)}, seed {plan.Tuning.SearchSeed}{(plan.Rungs is { } rungs ? $", halving over {rungs.Text}" : "")}";
        return Markup.Of($"""
            <section id="facts"><h2>Data and method</h2><dl>
            <dt>Data</dt><dd>{outcome.Split.Train.Data.Name}, fingerprint {outcome.Tuned.Manifest.DataFingerprint}</dd>
            <dt>Split</dt><dd>{outcome.Split.Description}, fingerprint {outcome.Tuned.Manifest.SplitFingerprint}{(plan.Tuning.Retrain ? ", validation part in training" : "")}</dd>
            <dt>Search</dt><dd>{sampler}</dd>
            <dt>Chosen by</dt><dd>the best {plan.Metric} of any epoch on the validation part; the test part was measured once, for the tuned and the default setting</dd>
            <dt>Training seed</dt><dd>{plan.Start.Training.Seed}</dd>
            <dt>Time</dt><dd>{outcome.Trials.Sum(trial => trial.Seconds):0} s of training and validation</dd>
            <dt>Made with</dt><dd>Tastemaker {outcome.Tuned.Manifest.Library}, libtorch {outcome.Tuned.Manifest.Libtorch}</dd></dl></section>
            """);
    }

    private static string Number(double? value) => value is { } number ? number.ToString("0.0000", CultureInfo.InvariantCulture) : "none";
}
