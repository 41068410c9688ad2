using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Evaluation.Reports;

/// <summary>The sections that are charts: cut-offs, training, popularity, activity.</summary>
internal static class ChartSections
{
    private const int ActivityGroups = 4;
    private const int CurvePoints = 60;
    private const double HeadShare = 0.2;

    public static Markup Cutoffs(ComparisonTable table, Func<string, int> color)
    {
        var charts = table.Metrics.Where(metric => metric.Contains('@', StringComparison.Ordinal))
            .GroupBy(metric => metric.Split('@')[0])
            .Where(group => group.Count() > 2) // two points are no curve; the table of all metrics has them
            .Select(group => new LineChart(
                MetricCatalog.Find(group.Key)?.Title ?? group.Key,
                "list length K",
                [.. table.Rows.Select(row => new ChartSeries(row.System, color(row.System),
                    [.. group.Select(metric => (X: (double)Cutoff(metric), Y: row.Cells[metric].Mean)).OrderBy(point => point.X)]))])
            {
                XLabels = [.. group.Select(Cutoff).Order().Select(cutoff => ((double)cutoff, $"{cutoff}"))],
            }).ToArray();
        return Section("cutoffs", "By list length", "How the figures grow with the length of the list.", charts);
    }

    public static Markup Training(ReportContent content, Func<string, int> color)
    {
        var trained = content.Systems.Where(system => system.Curve.Count > 0).ToArray();
        var metrics = trained.SelectMany(system => system.Curve).SelectMany(point => point.Metrics.Keys).Distinct().Take(4);
        var validation = metrics.Select(metric => new LineChart($"Validation {metric}", "epoch",
            [.. trained.Select(system => Line(system, color, point => point.Metrics.TryGetValue(metric, out var value) ? value : double.NaN))
                .Where(line => line.Points.Count > 0)]) { FromZero = false, HasWholeX = true });
        var losses = trained.Where(system => system.Curve.Any(point => point.Loss is not null))
            .Select(system => new LineChart($"Training loss, {system.Name}", "epoch", [Line(system, color, point => point.Loss ?? double.NaN)]) { FromZero = false, HasWholeX = true });
        return Section("training", "Training", "Validation metrics and mean training loss by epoch. Losses of different systems are not comparable.", [.. validation, .. losses]);
    }

    public static Markup Popularity(ReportContent content, ComparisonTable table, Func<string, int> color)
    {
        var exposed = content.Systems.Where(system => system.Result.Exposure is not null).ToArray();
        if (exposed.Length == 0)
        {
            return Markup.Empty;
        }

        var trained = Evaluation.Metrics.ListMetrics.CountItems(content.Train);
        var order = Enumerable.Range(0, trained.Length).OrderByDescending(item => trained[item]).ToArray();
        var heldOut = new int[trained.Length];
        foreach (var item in content.HoldOut.Targets.Columns)
        {
            heldOut[item]++;
        }

        var length = exposed[0].Result.Exposure!.ListLength;
        var lines = exposed.Select(system => new ChartSeries(system.Name, color(system.Name), Concentration(system.Result.Exposure!.Counts, order)))
            .Append(new ChartSeries("Held-out items", -1, Concentration(heldOut, order)));
        var chart = new LineChart($"Share of recommendations (top {length}) taken by the most popular items", "share of the catalog, most popular first, %", [.. lines]) { HasMarkers = false };
        return Section("popularity", "Popularity bias",
            "A line far above the dotted one, what people went on to choose, recommends popular items more than people choose them.", [chart], TailTable(exposed, table, trained, heldOut, order));
    }

    public static Markup Activity(ReportContent content, ComparisonTable table, Func<string, int> color)
    {
        var metric = content.Systems.All(system => system.Result.PerRequest.ContainsKey(table.MainMetric)) ? table.MainMetric : null;
        if (metric is null)
        {
            return Markup.Empty;
        }

        var requests = content.HoldOut.Requests;
        var order = Enumerable.Range(0, requests.Count).OrderBy(request => requests.History(request).Length).ToArray();
        var groups = Enumerable.Range(0, ActivityGroups)
            .Select(group => order[(group * order.Length / ActivityGroups)..((group + 1) * order.Length / ActivityGroups)])
            .Where(group => group.Length > 0).ToArray();
        var labels = groups.Select((group, index) => ((double)index, Range(requests.History(group[0]).Length, requests.History(group[^1]).Length)));
        var lines = table.Rows.Select(row => new ChartSeries(row.System, color(row.System),
            [.. groups.Select((group, index) => ((double)index, Mean(content.Systems.First(system => system.Name == row.System).Result.PerRequest[metric], group)))]));
        return Section("activity", "By user activity", $"{metric} for {groups.Length} groups of requests of equal size, from the shortest histories to the longest.",
            [new LineChart(metric, "items in the history", [.. lines]) { XLabels = [.. labels] }]);
    }

    /// <summary>A section of charts under one legend; nothing where there are none.</summary>
    public static Markup Section(string id, string title, string text, LineChart[] charts, Markup after = default)
    {
        var names = charts.SelectMany(chart => chart.Series).Select(line => (line.Name, line.Color)).Distinct()
            .OrderBy(name => name.Color < 0 ? int.MaxValue : name.Color).ToArray();
        var legend = names.Select(name => Markup.Of($"""
            <span class="{(name.Color < 0 ? "reference" : $"c{name.Color % ReportStyle.Colors}{(name.Color >= ReportStyle.Colors ? " dashed" : "")}")}"><svg viewBox="0 0 22 8" aria-hidden="true"><path d="M1 4H21"/></svg>{name.Name}</span>
            """));
        return charts.Length == 0
            ? Markup.Empty
            : Markup.Of($"""<section id="{id}"><h2>{title}</h2><p class="hint">{text}</p><div class="legend">{legend}</div><div class="charts">{charts.Select(chart => (chart with { IsWide = charts.Length == 1 }).Render())}</div>{after}</section>""");
    }

    private static int Cutoff(string metric) => int.Parse(metric.Split('@')[1], System.Globalization.CultureInfo.InvariantCulture);

    private static ChartSeries Line(SystemReport system, Func<string, int> color, Func<EpochPoint, double> value) =>
        new(system.Name, color(system.Name), [.. system.Curve.Select(point => ((double)point.Epoch, value(point))).Where(point => double.IsFinite(point.Item2))]);

    /// <summary>Cumulative share of counts over items in the given order, at a few places.</summary>
    private static (double X, double Y)[] Concentration(int[] counts, int[] order)
    {
        var total = Math.Max(1.0, counts.Sum(count => (long)count));
        var points = new List<(double X, double Y)> { (0, 0) };
        var sum = 0.0;
        for (var place = 0; place < order.Length; place++)
        {
            sum += counts[order[place]];
            if ((place + 1) * (long)CurvePoints / order.Length > place * (long)CurvePoints / order.Length)
            {
                points.Add((100.0 * (place + 1) / order.Length, sum / total));
            }
        }

        return [.. points];
    }

    private static Markup TailTable(SystemReport[] systems, ComparisonTable table, int[] trained, int[] heldOut, int[] order)
    {
        var head = (int)Math.Ceiling(HeadShare * order.Length);
        var rows = table.Rows.Select(row => systems.FirstOrDefault(system => system.Name == row.System)).OfType<SystemReport>();
        return Markup.Of($"""
            <div class="scroll" tabindex="0" role="region" aria-label="Popularity of what is recommended"><table class="sortable"><thead><tr><th scope="col"><button>System</button></th>
            <th scope="col" class="number"><button>long tail, %</button></th><th scope="col" class="number"><button>mean popularity</button></th>
            <th scope="col" class="number"><button>items recommended</button></th></tr></thead><tbody>
            {rows.Select(system => TailRow(system.Name, system.Result.Exposure!.Counts, trained, order.AsSpan(head)))}
            {TailRow("Held-out items", heldOut, trained, order.AsSpan(head))}
            </tbody></table></div>
            <p class="hint">Long tail: the share that falls outside the {100 * HeadShare:0} % most popular items ({head} of {order.Length}). Mean popularity:
            training interactions of the items, weighted by how often each is recommended.</p>
            """);
    }

    private static Markup TailRow(string name, int[] counts, int[] trained, ReadOnlySpan<int> tail)
    {
        double total = Math.Max(1, counts.Sum(count => (long)count)), inTail = 0;
        foreach (var item in tail)
        {
            inTail += counts[item];
        }

        var popularity = counts.Zip(trained, (count, popular) => (double)count * popular).Sum() / total;
        var items = counts.Count(count => count > 0);
        return Markup.Of($"""
            <tr><th scope="row">{name}</th><td data-value="{inTail / total:R}">{100 * inTail / total:0.0}</td><td data-value="{popularity:R}">{popularity:0.0}</td><td data-value="{items}">{items:N0}</td></tr>
            """);
    }

    private static string Range(int least, int most) => least == most ? $"{least}" : $"{least}–{most}";

    private static double Mean(float[] values, int[] requests) =>
        requests.Select(request => (double)values[request]).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}
