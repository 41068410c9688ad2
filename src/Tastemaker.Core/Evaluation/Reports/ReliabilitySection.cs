using Tastemaker.Evaluation.Clicks;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Evaluation.Reports;

/// <summary>Predicted against observed shares of labelled rows, with the figures of calibration.</summary>
internal static class ReliabilitySection
{
    private static readonly string[] Figures = ["calibration", "ece", "logloss", "normalized-entropy"];

    public static Markup Render(ReportContent content, ComparisonTable table, Func<string, int> color)
    {
        var systems = table.Rows.Select(row => content.Systems.First(system => system.Name == row.System))
            .Where(system => system.Result.Clicks is not null)
            .Select(system => (system.Name, system.Result, Bins: system.Result.Clicks!.Reliability())).ToArray();
        if (systems.Length == 0)
        {
            return Markup.Empty;
        }

        var most = systems.SelectMany(system => system.Bins).Max(bin => Math.Max(bin.Predicted, bin.Observed));
        var chart = new LineChart("Share of positives", "mean prediction",
            [
                .. systems.Select(system => new ChartSeries(system.Name, color(system.Name), [.. system.Bins.Select(bin => (bin.Predicted, bin.Observed))])),
                new ChartSeries("Perfect calibration", -1, [(0, 0), (most, most)]),
            ]);
        return ChartSections.Section("reliability", "Reliability",
            "Each point is a bin of rows of neighboring predictions, all bins about equally large. Above the dotted line predictions are too low, below it too high.",
            [chart], Markup.Join([Table(systems), .. systems.Select(system => Bins(system.Name, system.Bins))]));
    }

    private static Markup Table((string Name, EvaluationResult Result, IReadOnlyList<ReliabilityBin> Bins)[] systems) => Markup.Of($"""
        <div class="scroll" tabindex="0" role="region" aria-label="Calibration by system"><table class="sortable"><thead><tr><th scope="col"><button>System</button></th>
        {Figures.Select(metric => Markup.Of($"""<th scope="col" class="number" title="{MetricCatalog.Find(metric)!.Description}"><button>{metric}</button></th>"""))}
        <th scope="col" class="number"><button>mean prediction</button></th><th scope="col" class="number"><button>share of positives</button></th></tr></thead><tbody>
        {systems.Select(system => Markup.Of($"""
            <tr><th scope="row">{system.Name}</th>{Figures.Select(metric => Number(system.Result.Clicks!.Measure(metric)))}{Number(Mean(system.Bins, bin => bin.Predicted))}{Number(Mean(system.Bins, bin => bin.Observed))}</tr>
            """))}
        </tbody></table></div>
        """);

    private static Markup Bins(string name, IReadOnlyList<ReliabilityBin> bins) => Markup.Of($"""
        <details><summary>Bins of {name}</summary><div class="scroll" tabindex="0" role="region" aria-label="Bins of {name}"><table><thead><tr><th scope="col">Bin</th>
        <th scope="col" class="number">rows</th><th scope="col" class="number">predicted</th><th scope="col" class="number">observed</th></tr></thead><tbody>
        {bins.Select((bin, index) => Markup.Of($"""<tr><th scope="row">{index + 1}</th><td>{bin.Count:N0}</td>{Number(bin.Predicted)}{Number(bin.Observed)}</tr>"""))}
        </tbody></table></div></details>
        """);

    private static Markup Number(double value) =>
        double.IsNaN(value) ? Markup.Of($"""<td data-value="-1">–</td>""") : Markup.Of($"""<td data-value="{value:R}">{ReportNumber.Format(value)}</td>""");

    private static double Mean(IReadOnlyList<ReliabilityBin> bins, Func<ReliabilityBin, double> figure) =>
        bins.Sum(bin => bin.Count * figure(bin)) / bins.Sum(bin => bin.Count);
}
