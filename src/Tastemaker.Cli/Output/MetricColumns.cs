using Spectre.Console;
using Tastemaker.Evaluation;

namespace Tastemaker.Cli.Output;

/// <summary>Which metrics a table shows: the main one always and first, the others in as many tables as the width needs.</summary>
/// <param name="main">The main metric.</param>
/// <param name="shown">All metrics that are shown, the main one first.</param>
/// <param name="hidden">Those that are not.</param>
internal sealed class MetricColumns(string main, IReadOnlyList<string> shown, IReadOnlyList<string> hidden)
{
    private const int FigureWidth = 7;
    private const int Padding = 3;

    /// <summary>The columns of a table.</summary>
    /// <param name="metrics">All metrics there are; at least one.</param>
    /// <param name="main">The main one; null for that of <see cref="MetricCatalog.Main"/>.</param>
    /// <param name="all">Whether all are shown; else those of the main metric's list length and those without one.</param>
    public static MetricColumns Of(IReadOnlyList<string> metrics, string? main, bool all)
    {
        main ??= MetricCatalog.Main(metrics);
        var cutoff = MetricCatalog.CutoffOf(main);
        bool IsShown(string metric) => all || MetricCatalog.CutoffOf(metric) is var own && (own == cutoff || own.Length == 0);
        return new MetricColumns(main, [.. metrics.Where(IsShown).OrderBy(metric => metric != main)], [.. metrics.Where(metric => !IsShown(metric))]);
    }

    /// <summary>The main metric.</summary>
    public string Main => main;

    /// <summary>The metrics of each table, the main one first in each.</summary>
    /// <param name="console">Gives the width.</param>
    /// <param name="taken">Characters that other columns take, the main metric's among them.</param>
    public IEnumerable<IReadOnlyList<string>> Pages(IAnsiConsole console, int taken)
    {
        var room = console.Profile.Width - taken;
        var (page, left) = (new List<string> { main }, room);
        foreach (var metric in shown.Skip(1))
        {
            var width = Math.Max(FigureWidth, metric.Length) + Padding;
            if (width > left && page.Count > 1)
            {
                yield return page;
                (page, left) = ([main], room);
            }

            page.Add(metric);
            left -= width;
        }

        yield return page;
    }

    /// <summary>Says what is not shown and where it is; nothing where all is.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="where">Such as "in the report and with --json".</param>
    public void WriteHidden(IAnsiConsole console, string where)
    {
        if (hidden.Count > 0)
        {
            console.WriteLine($"Not shown: {string.Join(", ", hidden)}. They are {where}; metrics named in --metrics are always shown.");
        }
    }
}
