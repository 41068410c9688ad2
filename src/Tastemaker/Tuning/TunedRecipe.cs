using System.Text.Json.Nodes;
using Tastemaker.Configuration;

namespace Tastemaker.Tuning;

/// <summary>best.yaml: the tuned and the default setting as a recipe that 'taste reproduce' runs.</summary>
internal static class TunedRecipe
{
    /// <summary>The recipe.</summary>
    public static string Text(TuningOutcome outcome)
    {
        var start = outcome.Plan.Start;
        var best = outcome.Plan.Configuration(outcome.Best.Point);
        var recipe = new JsonObject
        {
            ["title"] = outcome.Title,
            ["description"] = $"Best of {outcome.Trials.Count} settings by {outcome.Plan.Metric} on the validation part, beside the default; found by taste tune.",
            ["split-seed"] = start.SplitSeed,
        };
        foreach (var (section, options) in new[] { ("data", (object)start.Data), ("training", start.Training), ("evaluation", start.Evaluation) })
        {
            if (Changed(options) is { Count: > 0 } changed)
            {
                recipe[section] = changed;
            }
        }

        recipe["systems"] = new JsonArray(Entry(best, TuningOutcome.TunedName), Entry(start, TuningOutcome.DefaultName));
        return YamlText.Of(recipe);
    }

    private static JsonObject Entry(RunConfiguration run, string label)
    {
        var entry = new JsonObject { ["system"] = run.System.Id, ["label"] = label };
        if (Changed(run.Options) is { Count: > 0 } options)
        {
            entry["options"] = options;
        }

        return entry;
    }

    // Threads and memory are the machine's, not the recipe's.
    private static JsonObject Changed(object record)
    {
        var all = OptionJson.Of(record);
        foreach (var option in OptionSchema.Of(record.GetType()).Options)
        {
            if (option.Name is "threads" or "block-bytes" || OptionText.Of(option.Property.GetValue(record)) == option.DefaultText)
            {
                all.Remove(option.Name);
            }
        }

        return all;
    }
}
