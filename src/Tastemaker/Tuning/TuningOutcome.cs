using System.Text.Json;
using System.Text.Json.Nodes;
using Tastemaker.Artifacts;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation.Significance;
using Tastemaker.Runs;
using Tastemaker.Tuning.Reports;
using Tastemaker.Tuning.Trials;

namespace Tastemaker.Tuning;

/// <summary>What a search found and what it is worth on the test part.</summary>
internal sealed record TuningOutcome
{
    /// <summary>Name of the tuned run in tables.</summary>
    public const string TunedName = "tuned";

    /// <summary>Name of the run it is tested against.</summary>
    public const string DefaultName = "default";

    /// <summary>The search.</summary>
    public required TuningPlan Plan { get; init; }

    /// <summary>All trials.</summary>
    public required IReadOnlyList<Trial> Trials { get; init; }

    /// <summary>The best.</summary>
    public required Trial Best { get; init; }

    /// <summary>What the runs were trained and measured on.</summary>
    public required Split Split { get; init; }

    /// <summary>The run folder of the tuned setting.</summary>
    public required RunFolder Tuned { get; init; }

    /// <summary>The run folder of the default setting; the same where no trial was better.</summary>
    public required RunFolder Default { get; init; }

    /// <summary>Both against each other on the test part; null where the default is the best.</summary>
    public required ComparisonTable? Comparison { get; init; }

    /// <summary>How much each option mattered, the most first.</summary>
    public IReadOnlyList<OptionImportance> Importance => OptionImportance.Of(Plan, Trials);

    /// <summary>Heading.</summary>
    public string Title => Plan.Tuning.Title.Length > 0 ? Plan.Tuning.Title : $"{Plan.Start.System.Name} on {Split.Train.Data.Name}";

    /// <summary>What the test part says, in a sentence or two.</summary>
    public string Verdict => Comparison is null
        ? "No trial was better on the validation part than the default setting, which is kept."
        : $"On {Comparison.MainMetric} of the test part the tuned setting is {Comparison.Explain(Comparison.Rows.First(row => row.System == TunedName))}";

    /// <summary>Writes recipe, settings, outcome and report.</summary>
    public void Write(TuningFolder folder)
    {
        var best = Plan.Configuration(Best.Point);
        AtomicFile.WriteText(folder.Settings, (best with { Origins = new Dictionary<string, string>() }).ToYaml());
        AtomicFile.WriteText(folder.Recipe, TunedRecipe.Text(this));
        AtomicFile.WriteText(folder.Outcome, Json().ToJsonString(JsonText.Indented) + "\n");
        TuningPictures.Write(this, folder);
        TuningReport.Write(this, folder);
    }

    /// <summary>The outcome for programs.</summary>
    public JsonObject Json() => new()
    {
        ["title"] = Title,
        ["system"] = Plan.Start.System.Id,
        ["metric"] = Plan.Metric,
        ["trials"] = Trials.Count,
        ["failed"] = Trials.Count(trial => trial.Failed),
        ["best"] = new JsonObject
        {
            ["trial"] = Best.Number,
            ["validation"] = Best.Last!.Metric,
            ["values"] = new JsonObject(Best.Point.Values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value)))),
        },
        ["default"] = new JsonObject { ["validation"] = Trials[0].Last?.Metric },
        ["test"] = Comparison is null ? null : JsonSerializer.SerializeToNode(Comparison.Rows, RunJson.Indented),
        ["verdict"] = Verdict,
        ["importance"] = new JsonObject(Importance.Select(option => KeyValuePair.Create(option.Name, (JsonNode?)JsonValue.Create(Math.Round(option.Share, 4))))),
        ["retrained"] = Plan.Tuning.Retrain,
    };
}
