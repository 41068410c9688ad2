using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Tastemaker.Artifacts;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Training;
using Tastemaker.Tuning.Space;
using Tastemaker.Tuning.Trials;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Tuning;

/// <summary>
/// Chooses the setting of a system on the validation part, so that systems which are compared have had the same search budget. Nothing is trained for the test
/// part: that is the comparison's.
/// </summary>
internal static class SettingSearch
{
    /// <summary>Searches, or goes on with the search that the folder holds.</summary>
    /// <param name="start">The default setting, which is the first trial. Options that were given a value are left alone.</param>
    /// <param name="tuning">The budget and how it is spent.</param>
    /// <param name="split">A split with a validation part.</param>
    /// <param name="folder">Where the journal is kept and the chosen setting is written.</param>
    /// <param name="observer">Watches the search.</param>
    /// <param name="observers">Watch the training of every trial.</param>
    /// <param name="cancellation">Stops; call again to go on.</param>
    /// <exception cref="InputException">Every trial failed, or the plan is wrong.</exception>
    public static ChosenSetting Run(
        RunConfiguration start,
        TuningOptions tuning,
        Split split,
        TuningFolder folder,
        ITuningObserver? observer = null,
        IReadOnlyList<ITrainingObserver>? observers = null,
        CancellationToken cancellation = default)
    {
        if (tuning.Retrain)
        {
            _ = split.WithValidationInTraining(); // what cannot be done is said before hours of trials
        }

        if (!HasSpace(start, tuning))
        {
            return tuning.Retrain ? FindEpochs(start, tuning, split, folder, observers ?? [], cancellation) : Written(new ChosenSetting(start, [], 0, null, null), start, tuning, folder);
        }

        var plan = TuningPlan.Of(start, tuning with { Parallel = 1, Halving = tuning.Halving && HasRungs(start, tuning, split) }, split);
        using var journal = Journal.Open(folder.Journal);
        var trials = new TrialSearch(plan, observer).Run(journal, () => new LocalTrials(plan, split, folder, observers ?? []), cancellation);
        var best = plan.Best(trials) ?? throw new InputException(
            [$"None of {trials.Count} settings of {start.System.Name} gave a figure. What was reported:", .. trials.Select(trial => trial.Last?.Failure).OfType<string>().Distinct().Take(5)]);
        var chosen = new ChosenSetting(
            Chosen(plan, start, best, trials.Count), best.Number == 0 ? [] : Differences(plan.Configuration(best.Point).Options, trials[0].Point, best.Point), trials.Count, best.Last!.Metric, trials[0].Last?.Metric) { Metric = plan.Metric };
        return Written(tuning.Retrain ? chosen with { Configuration = RetrainedEpochs.Of(chosen.Configuration, best.Last!.BestEpoch, split.WithValidationInTraining()) } : chosen, start, tuning, folder);
    }

    /// <summary>Trains the setting as it stands to learn for how many epochs it is to be trained once the validation part is in its training data.</summary>
    /// <exception cref="InputException">It cannot be trained.</exception>
    public static ChosenSetting FindEpochs(RunConfiguration start, TuningOptions tuning, Split split, TuningFolder folder, IReadOnlyList<ITrainingObserver> observers, CancellationToken cancellation)
    {
        var data = split.WithValidationInTraining();
        using (var model = start.System.Make(start.System.Resolve(start.Options, split.Train), split.Train))
        {
            if (model.Plan.Epochs == 1)
            {
                return Written(new ChosenSetting(start, [], 0, null, null), start, tuning, folder); // there is nothing to choose
            }
        }

        var result = TrialTraining.Run(start, split, Path.Combine(folder.FullPath, "epochs"), null, observers, cancellation);
        if (result.Failure is { } failure)
        {
            throw new InputException(failure);
        }

        var chosen = new ChosenSetting(RetrainedEpochs.Of(start, result.BestEpoch, data), [], 0, result.Metric, null);
        return Written(chosen, start, tuning, folder);
    }

    /// <summary>The setting that a finished search with this budget chose; null where there is none in the folder.</summary>
    public static RunConfiguration? Read(RunConfiguration start, int trials, TuningFolder folder)
    {
        if (!File.Exists(folder.Outcome) || JsonNode.Parse(File.ReadAllText(folder.Outcome)) is not { } outcome
            || (string?)outcome["configuration"] != start.Fingerprint || (int?)outcome["budget"] != trials)
        {
            return null;
        }

        var problems = new List<string>();
        var chosen = outcome["options"]!.AsObject().Select(option => new OptionAssignment(
            option.Key, ConfigurationSource.Parse(option.Key, option.Value?.ToJsonString() ?? "null") ?? new YamlScalarNode(""), folder.Outcome));
        var options = (ModelOptions)new OptionBinder(problems).Bind(start.System.OptionsType, chosen, start.System.Name).Record;
        return problems.Count == 0 ? start with { Options = options } : null;
    }

    private static ChosenSetting Written(ChosenSetting chosen, RunConfiguration start, TuningOptions tuning, TuningFolder folder)
    {
        Directory.CreateDirectory(folder.FullPath);
        AtomicFile.WriteText(folder.Settings, chosen.Configuration.ToYaml());
        AtomicFile.WriteText(folder.Outcome, new JsonObject
        {
            ["configuration"] = start.Fingerprint,
            ["budget"] = tuning.Trials,
            ["options"] = OptionJson.Of(chosen.Configuration.Options),
            ["text"] = chosen.Text,
        }.ToJsonString(JsonText.Indented) + "\n");
        return chosen;
    }

    // The training options of the caller, not those of the plan, in which "auto" has been resolved.
    private static RunConfiguration Chosen(TuningPlan plan, RunConfiguration start, Trial best, int trials)
    {
        var origins = new Dictionary<string, string>(start.Origins);
        foreach (var option in best.Number == 0 ? [] : best.Point.Values.Keys)
        {
            origins[$"options.{option}"] = $"trial {best.Number} of {trials}, chosen on the validation part";
        }

        return start with { Options = plan.Configuration(best.Point).Options, Origins = origins };
    }

    private static bool HasSpace(RunConfiguration start, TuningOptions tuning) => tuning.Search.Count > 0 || OptionSchema.Of(start.System.OptionsType).Options
        .Any(option => (option.Search is not null || option.SearchChoices is not null) && !start.Origins.ContainsKey($"options.{option.Name}"));

    private static bool HasRungs(RunConfiguration start, TuningOptions tuning, Split split)
    {
        using var model = start.System.Make(start.System.Resolve(start.Options, split.Train), split.Train);
        return model.Plan.Epochs / HalvingRungs.Factor >= Math.Max(tuning.FirstRung, Math.Max(model.Plan.FirstMeasured + 1, start.Training.ValidateEvery));
    }

    /// <summary>The values in which a setting differs from the first, but for those that another option of it leaves without effect.</summary>
    internal static IReadOnlyList<string> Differences(ModelOptions options, TrialPoint first, TrialPoint best)
    {
        var schema = OptionSchema.Of(options.GetType());
        bool HasEffect(string name) => schema.Find(name)?.Property.GetCustomAttribute<OnlyWithAttribute>() is not { } condition
            || schema.Find(condition.Option) is not { } other || condition.Values.Contains(OptionText.Of(other.Property.GetValue(options)));
        return [.. best.Values.Where(value => first[value.Key] != value.Value && HasEffect(value.Key)).Select(value => $"{value.Key}={value.Value}")];
    }
}

/// <summary>The setting that a search chose on the validation part.</summary>
/// <param name="Configuration">The run with this setting; where each value comes from is said in its origins.</param>
/// <param name="Changed">The values that differ from the default setting, as "name=value"; none where the default was the best.</param>
/// <param name="Trials">Settings that were tried; 0 where the system has nothing to search.</param>
/// <param name="Validation">The metric of the chosen setting on the validation part; null where nothing was searched.</param>
/// <param name="Default">That of the default setting; null where nothing was searched or the default failed.</param>
internal sealed record ChosenSetting(RunConfiguration Configuration, IReadOnlyList<string> Changed, int Trials, double? Validation, double? Default)
{
    /// <summary>The metric that chose, with "auto" resolved.</summary>
    public string Metric { get; init; } = Configuration.Training.Metric;

    /// <summary>What was chosen, in a sentence.</summary>
    public string Text => Trials == 0 ? "There was nothing to search: every option is given, or has no range that is searched." : string.Create(
        CultureInfo.InvariantCulture,
        $"Chosen on the validation part from {Trials} settings: {(Changed.Count > 0 ? string.Join(" ", Changed) : "the default setting")} ({Metric} {Validation:0.0000}, default {Default:0.0000}).");
}
