using System.Globalization;
using System.Text.Json.Nodes;
using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Training;
using Tastemaker.Tuning.Samplers;
using Tastemaker.Tuning.Space;
using Tastemaker.Tuning.Trials;

namespace Tastemaker.Tuning;

/// <summary>What is searched, and how: checked, before anything trains.</summary>
internal sealed class TuningPlan
{
    private readonly Split split;

    private TuningPlan(RunConfiguration start, TuningOptions tuning, SearchSpace space, HalvingRungs? rungs, TimeSpan? time, Split split)
    {
        Start = start;
        Tuning = tuning;
        Space = space;
        Rungs = rungs;
        Time = time;
        this.split = split;
        Sampler = tuning.Sampler switch
        {
            SamplerKind.Random => new RandomSampler(),
            SamplerKind.Grid => new GridSampler(),
            _ => new TpeSampler(tuning.Startup),
        };
    }

    /// <summary>The run whose options are varied; they themselves are the first trial.</summary>
    public RunConfiguration Start { get; }

    /// <summary>How the search is carried out.</summary>
    public TuningOptions Tuning { get; }

    /// <summary>The options that are varied.</summary>
    public SearchSpace Space { get; }

    /// <summary>Chooses settings.</summary>
    public ISampler Sampler { get; }

    /// <summary>The rungs of halving; null where every trial is trained to the end.</summary>
    public HalvingRungs? Rungs { get; }

    /// <summary>Time after which no further trial begins; null for none.</summary>
    public TimeSpan? Time { get; }

    /// <summary>The validation metric that is compared.</summary>
    public string Metric => Start.Training.Metric;

    /// <summary>The plan of a search.</summary>
    /// <exception cref="InputException">All that is wrong with options, ranges, data and split.</exception>
    public static TuningPlan Of(RunConfiguration start, TuningOptions tuning, Split split)
    {
        var problems = OptionSchema.Of(typeof(TuningOptions)).RangeProblems(tuning).ToList();
        start = Fixed(start, tuning, problems, out var fixedNames);
        problems.AddRange(TrainingCheck.Problems(start.System, start.Options, start.Training, split, SystemCatalog.Systems));
        if (split.Validation is null)
        {
            problems.Add(
                $"The split '{split.Description}' has no validation part, and settings must not be chosen on the test part. Split with one, e.g. --split \"ratio-by-user(test=0.2,validation=0.1)\".");
        }

        var space = new SearchSyntax(start.System.Name, start.System.OptionsType, problems).Space(tuning.Search, fixedNames.Contains, tuning.Only);
        if (tuning.Halving && space?.Dimensions.Any(dimension => dimension.Name == "epochs") == true)
        {
            problems.Add("Halving decides how many epochs a trial trains for, and 'epochs' is searched too: leave one of the two out.");
        }

        if (tuning.Sampler == SamplerKind.Grid && space?.Dimensions.Where(dimension => dimension.Values is null).Select(dimension => dimension.Name).ToList() is { Count: > 0 } ranges)
        {
            problems.Add($"A grid needs values, and {string.Join(", ", ranges)} {(ranges.Count == 1 ? "has" : "have")} a range: write e.g. --search {ranges[0]}=a,b,c, leave options out with --fix or --only, or choose another sampler.");
        }

        var time = TimeOf(tuning.Time, problems);
        if (problems.Count > 0)
        {
            throw new InputException([.. problems.Distinct()]);
        }

        using var model = start.System.Make(start.System.Resolve(start.Options, split.Train), split.Train);
        start = start with { Training = Validation.Resolve(start.Training, model is IClickProbabilityModel, split) };
        _ = Validation.WithEvaluator(split.Train, start.Training); // refuses metrics that cannot choose
        var rungs = tuning.Halving ? HalvingRungs.Of(model.Plan.Epochs, tuning.FirstRung, Math.Max(model.Plan.FirstMeasured + 1, start.Training.ValidateEvery)) : null;
        return new TuningPlan(start, tuning, space!, rungs, time, split);
    }

    /// <summary>Whether a metric's value is better than another.</summary>
    public bool IsBetter(double value, double than) => Validation.IsBetter(Metric, value, than);

    /// <summary>The run of a setting.</summary>
    public RunConfiguration Configuration(TrialPoint point) => Start with { Options = Space.Apply(Start.Options, point) };

    /// <summary>The best trial: of those that came to the highest rung; null where all failed.</summary>
    public Trial? Best(IReadOnlyList<Trial> trials)
    {
        var measured = trials.Where(trial => trial.Last?.Metric is not null).ToList();
        var highest = measured.Select(trial => trial.Results.Count).DefaultIfEmpty(0).Max();
        return HalvingRungs.Ranked(measured.Where(trial => trial.Results.Count == highest), highest - 1, IsBetter).FirstOrDefault();
    }

    /// <summary>What must be the same for a journal to be gone on with. Numbers of trials, time and processes may change.</summary>
    public JsonObject Study() => new()
    {
        ["version"] = 1,
        ["system"] = Start.System.Id,
        ["configuration"] = Start.Fingerprint,
        ["split"] = split.Fingerprint,
        ["metric"] = Metric,
        ["sampler"] = OptionText.Of(Tuning.Sampler),
        ["startup"] = Tuning.Startup,
        ["search-seed"] = Tuning.SearchSeed.ToString(CultureInfo.InvariantCulture),
        ["rungs"] = Rungs?.Text ?? "none",
        ["space"] = string.Join("; ", Space.Dimensions.Select(dimension => $"{dimension.Name}={dimension.Text}")),
    };

    private static RunConfiguration Fixed(RunConfiguration start, TuningOptions tuning, List<string> problems, out HashSet<string> names)
    {
        const string section = "options.";
        var schema = OptionSchema.Of(start.System.OptionsType);
        var options = start.Options with { };
        names = [.. start.Origins.Keys.Where(key => key.StartsWith(section, StringComparison.Ordinal)).Select(key => key[section.Length..])];
        foreach (var text in tuning.Fix)
        {
            var found = new List<string>();
            try
            {
                var assignment = OptionAssignment.Parse(text) with { Origin = $"--fix {text}" };
                var bound = new OptionBinder(found).Bind(start.System.OptionsType, [assignment], start.System.Name);
                if (found.Count == 0 && schema.Find(assignment.Key) is { } option)
                {
                    option.Property.SetValue(options, option.Property.GetValue(bound.Record));
                    names.Add(option.Name);
                    found.AddRange(tuning.Search.Where(search => schema.Find(search.Split('=')[0].Trim()) == option)
                        .Select(search => $"--fix {text}: '{option.Name}' is searched by --search {search}; leave one of the two out."));
                }
            }
            catch (InputException bad)
            {
                found.AddRange(bad.Problems.Select(problem => problem.Replace("--set", "--fix", StringComparison.Ordinal)));
            }

            problems.AddRange(found);
        }

        return start with { Options = options };
    }

    private static TimeSpan? TimeOf(string text, List<string> problems)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var seconds = char.ToLowerInvariant(text[^1]) switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        if (seconds > 0 && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 1e6)
        {
            return TimeSpan.FromSeconds(count * seconds);
        }

        problems.Add($"--time {text}: write a number and s, m or h, such as 90s, 30m or 2h.");
        return null;
    }
}
