using System.Text.Json;
using Tastemaker.Data.Splits;
using Tastemaker.Options;

namespace Tastemaker.Training;

/// <summary>All that a run's course depends on, as texts by name: a checkpoint continues only a run of the same identity.</summary>
internal static class RunFingerprint
{
    // What may change between interruption and resuming without changing what is learned.
    private static readonly HashSet<string> Free = [nameof(TrainingOptions.Device), nameof(TrainingOptions.Threads), nameof(TrainingOptions.CheckpointEvery), nameof(TrainingOptions.CheckpointSeconds)];

    /// <summary>The identity of a run.</summary>
    public static IReadOnlyDictionary<string, string> Of(Model model, Split split, TrainingOptions options)
    {
        var identity = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["system"] = model.GetName(),
            ["split"] = split.Fingerprint,
        };
        Add(identity, "model", model.HyperParameters);
        Add(identity, "training", options);
        return identity;
    }

    /// <summary>Which texts differ, each as "name: stored, now other".</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> stored, IReadOnlyDictionary<string, string> current) =>
        [.. stored.Keys.Union(current.Keys).Order(StringComparer.Ordinal)
            .Where(key => stored.GetValueOrDefault(key) != current.GetValueOrDefault(key))
            .Select(key => $"{key} was {stored.GetValueOrDefault(key) ?? "absent"} and is {current.GetValueOrDefault(key) ?? "absent"}")];

    private static void Add(SortedDictionary<string, string> identity, string prefix, object? options)
    {
        if (options is null)
        {
            return;
        }

        foreach (var property in JsonSerializer.SerializeToElement(options, options.GetType()).EnumerateObject())
        {
            if (!Free.Contains(property.Name))
            {
                identity[$"{prefix}.{property.Name}"] = property.Value.ToString();
            }
        }
    }
}
