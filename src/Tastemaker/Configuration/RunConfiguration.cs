using System.Text.Json.Nodes;
using Tastemaker.Data;
using Tastemaker.Data.Import;
using Tastemaker.Evaluation;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Configuration;

/// <summary>All that decides a run: system, its hyper-parameters, how it is carried out, which data, filters and split, what is measured.</summary>
internal sealed record RunConfiguration
{
    // Options that came after the first fingerprints were stored: at their defaults they count as they did when there were none. Whoever adds an option to
    // one of these records adds it here; options of systems are marked [AddedLater] instead.
    private static readonly (string Section, string Option, Type Type)[] Later =
    [
        ("data", "label", typeof(DataOptions)),
        ("data", "title", typeof(DataOptions)),
        ("data", "file-column", typeof(DataOptions)),
        ("data", "item-lists", typeof(DataOptions)),
        ("data", "item-bags", typeof(DataOptions)),
        ("data", "graph", typeof(DataOptions)),
        ("data", "item-query", typeof(DataOptions)),
        ("data", "user-query", typeof(DataOptions)),
        ("data", "include-seen", typeof(DataOptions)),
        ("data", "decimal-mark", typeof(DataOptions)),
        ("data", "escape", typeof(DataOptions)),
        ("data", "on-bad-rows", typeof(DataOptions)),
        ("data", "time-format", typeof(DataOptions)),
        ("data", "column-owner", typeof(DataOptions)),
        ("data", "missing-values", typeof(DataOptions)),
        ("evaluation", "slices", typeof(EvaluationOptions)),
    ];

    /// <summary>The system.</summary>
    public required SystemInfo System { get; init; }

    /// <summary>Its hyper-parameters.</summary>
    public required ModelOptions Options { get; init; }

    /// <summary>How it is trained, seed included.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Which data, filters and split.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>Seed of the split; apart from the training seed, so that runs over several seeds are measured on one split.</summary>
    public ulong SplitSeed { get; init; } = 42;

    /// <summary>What is measured.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>Where each value that is not a default comes from: "options.dimension" to "recipe.yaml:7".</summary>
    public IReadOnlyDictionary<string, string> Origins { get; init; } = new Dictionary<string, string>();

    /// <summary>Everything, defaults included, in a fixed order.</summary>
    public JsonObject ToJson() => new()
    {
        ["system"] = System.Id,
        ["split-seed"] = SplitSeed,
        ["options"] = OptionJson.Of(Options),
        ["training"] = OptionJson.Of(Training),
        ["data"] = OptionJson.Of(Data),
        ["evaluation"] = OptionJson.Of(Evaluation),
    };

    /// <summary>The effective configuration for people, each value that is not a default with its origin; reads back as itself.</summary>
    public string ToYaml() => YamlText.Of(ToJson(), Origins.GetValueOrDefault);

    /// <summary>16 hexadecimal digits; equal for equal configurations. What cannot change results (threads, memory) does not count.</summary>
    public string Fingerprint
    {
        get
        {
            var json = ToJson();
            foreach (var (section, option) in new[] { ("training", "threads"), ("training", "checkpoint-every"), ("training", "checkpoint-seconds"), ("data", "threads"), ("evaluation", "threads"), ("evaluation", "block-bytes") })
            {
                json[section]!.AsObject().Remove(option);
            }

            var ofSystem = OptionSchema.Of(Options.GetType()).Options.Where(option => option.IsAddedLater).Select(option => ("options", option.Name, Options.GetType()));
            foreach (var (section, option, type) in Later.Concat(ofSystem))
            {
                var standard = OptionSchema.Of(type).Find(option) ?? throw new InvalidOperationException($"There is no option {section}.{option}.");
                var options = json[section]!.AsObject();
                if (JsonNode.DeepEquals(options[option], OptionJson.Value(standard.Default)))
                {
                    options.Remove(option);
                }
            }

            // This one's default has changed since.
            if (Validation.IsAuto(Training.Metric))
            {
                json["training"]!["metric"] = Validation.Usual;
            }

            return new Fingerprint().Add(json.ToJsonString()).ToString();
        }
    }
}
