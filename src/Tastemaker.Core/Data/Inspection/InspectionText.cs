using System.Globalization;
using System.Text;

namespace Tastemaker.Data.Inspection;

/// <summary>An inspection as plain lines, for terminals without layout and for logs.</summary>
public static class InspectionText
{
    /// <summary>The lines.</summary>
    public static string Render(DatasetInspection inspection)
    {
        var text = new StringBuilder();
        Line(text, $"{inspection.Name}: {inspection.Interactions:N0} interactions of {inspection.Users:N0} users with {inspection.Items:N0} items, density {inspection.Density:P3}, fingerprint {inspection.Fingerprint}");
        if (inspection.Import is { } import)
        {
            Line(text, $"read as {import.Layout}");
            foreach (var source in import.Columns.GroupBy(column => column.Source))
            {
                Line(text, $"  {source.Key}: {string.Join(", ", source.Select(column => $"{column.Name} = {column.Role}"))}");
            }
        }

        Line(text, $"a user: {Words(inspection.PerUser)}");
        Line(text, $"an item: {Words(inspection.PerItem)}");
        if (inspection.PositiveShare is { } share)
        {
            Line(text, $"labels: {share:P2} of rows have label 1");
        }
        else if (inspection.Values.Count > 0)
        {
            Line(text, $"values: {string.Join(", ", inspection.Values.Select(bar => bar.From == bar.To ? $"{Number(bar.From)} x {bar.Count:N0}" : $"{Number(bar.From)}..{Number(bar.To)} x {bar.Count:N0}"))}");
        }

        if (inspection.Times is { } times)
        {
            Line(text, $"times: {times.First:yyyy-MM-dd} to {times.Last:yyyy-MM-dd}");
        }

        if (inspection.Titles is { } titles)
        {
            Line(text, $"titles: {titles}");
        }

        foreach (var feature in inspection.Features)
        {
            Line(text, $"feature of {feature.Of}s: {feature.Name}, {feature.Kind}{(feature.Categories is { } count ? $", {count:N0} categories" : "")}{(feature.Missing > 0 ? $", {feature.Missing:N0} missing" : "")}");
        }

        Memory(text, inspection.Memory);
        foreach (var warning in inspection.Warnings)
        {
            Line(text, $"warning: {warning}");
        }

        return text.ToString();
    }

    /// <summary>The lines of a source that cannot be imported.</summary>
    public static string Render(SourceInspection inspection)
    {
        var text = new StringBuilder();
        Line(text, $"{inspection.Source}: {inspection.Rows:N0} rows, read as {inspection.Layout}");
        foreach (var column in inspection.Columns)
        {
            Line(text, $"  {column.Name}: {column.Values}, {column.Distinct:N0} distinct, {column.Missing:N0} missing, such as {string.Join(", ", column.Examples.Select(example => $"'{example}'"))}");
        }

        foreach (var problem in inspection.Problems)
        {
            Line(text, $"problem: {problem}");
        }

        return text.ToString();
    }

    private static void Memory(StringBuilder text, MemoryPlan plan)
    {
        Line(text, $"memory: the data set takes {Size(plan.DatasetBytes)}; {Size(plan.AvailableBytes)} are available");
        foreach (var estimate in plan.Estimates)
        {
            Line(text, $"  {estimate.What}: {Size(estimate.Bytes)} ({estimate.Formula}){(estimate.Fits ? "" : $"; does not fit: {estimate.Alternative}")}");
        }
    }

    private static string Words(Distribution d) =>
        $"{d.Minimum:N0} to {d.Maximum:N0} interactions, quartiles {d.LowerQuartile:N0} / {d.Median:N0} / {d.UpperQuartile:N0}, mean {d.Mean:N1}, Gini {d.Gini:N2}";

    private static string Number(float value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Size(long bytes) => bytes switch
    {
        < 1L << 20 => $"{bytes / 1024.0:N1} KiB",
        < 1L << 30 => $"{bytes / (double)(1 << 20):N1} MiB",
        _ => $"{bytes / (double)(1 << 30):N1} GiB",
    };

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
