using Tastemaker.Evaluation.Significance;
using Tastemaker.Evaluation.Slices;

namespace Tastemaker.Evaluation.Reports;

/// <summary>The figures of each system by the values of the columns that were asked for, a table a column.</summary>
internal static class SlicesSection
{
    public static Markup Render(ReportContent content, ComparisonTable table)
    {
        var systems = table.Rows.Select(row => content.Systems.First(system => system.Name == row.System)).ToArray();
        var slices = systems[0].Result.Slices;
        string[] metrics = table.MainMetric == "auc" && systems[0].Result.Clicks is not null ? ["auc", "logloss", "calibration"] : [table.MainMetric];
        return slices.Count == 0
            ? Markup.Empty
            : Markup.Of($"""
                <section id="slices"><h2>By slice</h2><p class="hint">The same figures for parts of what was measured. Small groups vary by chance: look at the counts.</p>
                {slices.Select(slice => Table(slice, systems, metrics))}</section>
                """);
    }

    private static Markup Table(Slice slice, SystemReport[] systems, string[] metrics)
    {
        var columns = systems.SelectMany(system => metrics.Select(metric => (system, metric))).ToArray();
        return Markup.Of($"""
            <h3>{slice.Name}</h3><div class="scroll" tabindex="0" role="region" aria-label="Figures by {slice.Name}"><table class="sortable"><thead><tr><th scope="col"><button>{slice.Name}</button></th>
            <th scope="col" class="number"><button>count</button></th>
            {columns.Select(column => Markup.Of($"""<th scope="col" class="number"><button>{column.system.Name} {column.metric}</button></th>"""))}</tr></thead><tbody>
            {slice.Groups.Select(group => Markup.Of($"""
                <tr><th scope="row">{group.Value}</th><td data-value="{group.Count}">{group.Count:N0}</td>{columns.Select(column => Cell(column.system, slice.Name, group.Value, column.metric))}</tr>
                """))}
            </tbody></table></div>
            """);
    }

    private static Markup Cell(SystemReport system, string slice, string value, string metric)
    {
        var group = system.Result.Slices.FirstOrDefault(own => own.Name == slice)?.Groups.FirstOrDefault(own => own.Value == value);
        return group?.Metrics.TryGetValue(metric, out var figure) == true
            ? Markup.Of($"""<td data-value="{figure:R}">{ReportNumber.Format(figure)}</td>""")
            : Markup.Of($"""<td data-value="-1">–</td>""");
    }
}
