using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Reports;
using Tastemaker.Options;

namespace Tastemaker.Runs;

/// <summary>What a reader needs to repeat a comparison: data and what was done to it, how its columns are read, split, seeds, and the options of every system.</summary>
internal static class ComparisonFacts
{
    // Not how the data is read: what stands in lines of its own, and what changes nothing.
    private static readonly string[] Elsewhere = ["paths", "filters", "split", "name", "threads", "features"];

    /// <summary>The lines.</summary>
    /// <param name="first">The configuration of any of the systems: data, training and evaluation are the same for all.</param>
    /// <param name="split">The data.</param>
    /// <param name="options">The options of each system, as trained.</param>
    public static ReportFact[] Of(RunConfiguration first, Split split, IReadOnlyList<(string Name, ModelOptions Options)> options)
    {
        var (data, whole) = (first.Data, split.Whole ?? split.Train.Data);
        var reading = Changed(data, Elsewhere);
        return
        [
            new("Data", $"{split.Train.Data.Name}, fingerprint {split.Train.Data.Fingerprint}"),
            .. data.Paths.Count > 0 ? [new ReportFact("Files", string.Join(", ", data.Paths))] : Array.Empty<ReportFact>(),
            .. whole.History.Count > 0 ? [new ReportFact("Import and filters", string.Join("; ", whole.History))] : Array.Empty<ReportFact>(),
            .. reading.Length + data.Features.Count > 0
                ? [new ReportFact("Columns and reading", string.Join(", ", reading.Concat(data.Features.Select(feature => $"feature {feature.Key}={feature.Value}"))))] : Array.Empty<ReportFact>(),
            new("Split", $"{split.Description}, fingerprint {split.Fingerprint}"),
            new("Users and items", $"{split.Train.UserCount:N0} and {split.Train.ItemCount:N0}"),
            new("Seed", $"{first.Training.Seed}"),
            .. Changed(first.Training, ["seed", "threads"]) is { Length: > 0 } training ? [new ReportFact("Training", string.Join(", ", training))] : Array.Empty<ReportFact>(),
            .. options.Select(system => new ReportFact($"Options of {system.Name}", Text(system.Options))),
        ];
    }

    private static string[] Changed(object record, string[] without) => [.. OptionSchema.Of(record.GetType()).Options
        .Where(option => !without.Contains(option.Name))
        .Select(option => (option.Name, Value: OptionText.Of(option.Property.GetValue(record)), Default: OptionText.Of(option.Default)))
        .Where(option => option.Value != option.Default)
        .Select(option => $"{option.Name}={option.Value}")];

    private static string Text(ModelOptions options)
    {
        var all = OptionSchema.Of(options.GetType()).Options.Select(option => (option.Name, Value: option.Property.GetValue(options))).Where(option => option.Value is not null).ToList();
        return all.Count == 0 ? "none" : string.Join(", ", all.Select(option => $"{option.Name}={OptionText.Of(option.Value)}"));
    }
}
