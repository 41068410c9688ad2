using Tastemaker.Data.Import;
using Tastemaker.Evaluation;
using Tastemaker.Options;
using Tastemaker.Systems;
using YamlDotNet.RepresentationModel;
using NearestName = Tastemaker.Naming.NearestName;

namespace Tastemaker.Configuration;

/// <summary>
/// Makes a <see cref="RunConfiguration"/> from layers of settings, later ones stronger. Sections are "options", "training", "data" and
/// "evaluation"; "system", "split-seed", "seed", "filters" and "split" may stand at the top. A --set names an option alone where only one section
/// has it.
/// </summary>
/// <param name="find">The catalog's look-up of systems.</param>
/// <param name="problems">Receives the problems found.</param>
internal sealed class RunConfigurationBinder(Func<string, SystemInfo> find, ICollection<string> problems)
{
    private const string Top = "";

    private static readonly string[] Sections = ["options", "training", "data", "evaluation"];

    // Shorthands at the top of a file for options that belong to a section.
    private static readonly Dictionary<string, string> SectionOf = new() { ["seed"] = "training", ["filters"] = "data", ["split"] = "data" };

    private readonly List<(string Section, OptionAssignment Assignment)> assignments = [];
    private readonly List<OptionAssignment> unplaced = [];

    private sealed record Head
    {
        /// <summary>The system's id; 'taste models' lists all.</summary>
        public string? System { get; init; }

        /// <summary>Seed of the split.</summary>
        public ulong SplitSeed { get; init; } = 42;
    }

    /// <summary>Adds the settings of a map.</summary>
    /// <param name="source">The file it is from.</param>
    /// <param name="map">The map.</param>
    /// <param name="skip">Keys that mean something else there, folded.</param>
    public void Add(ConfigurationSource source, YamlMappingNode map, IReadOnlyCollection<string>? skip = null)
    {
        foreach (var entry in source.Entries(map).Where(entry => skip?.Contains(OptionText.Fold(entry.Key)) != true))
        {
            var key = OptionText.Fold(entry.Key);
            if (!Sections.Contains(key))
            {
                Place(entry, SectionOf.GetValueOrDefault(key, Top));
            }
            else if (entry.Value is YamlMappingNode section)
            {
                assignments.AddRange(source.Entries(section).Select(inner => (key, inner)));
            }
            else
            {
                problems.Add($"{entry.Origin}: '{entry.Key}' must be a map of options.");
            }
        }
    }

    /// <summary>Adds a setting of the command line: "dimension=64", "training.patience=3".</summary>
    public void Set(OptionAssignment setting)
    {
        var dot = setting.Key.IndexOf('.', StringComparison.Ordinal);
        var section = dot < 0 ? "" : OptionText.Fold(setting.Key[..dot]);
        if (dot < 0 && OptionText.Fold(setting.Key) is var key && (SectionOf.ContainsKey(key) || OptionSchema.Of(typeof(Head)).Find(key) is not null))
        {
            Place(setting, SectionOf.GetValueOrDefault(key, Top));
        }
        else if (dot < 0)
        {
            unplaced.Add(setting);
        }
        else if (Sections.Contains(section))
        {
            assignments.Add((section, setting with { Key = setting.Key[(dot + 1)..] }));
        }
        else
        {
            problems.Add($"{setting.Origin}: there is no section '{setting.Key[..dot]}'; sections are {string.Join(", ", Sections)}.");
        }
    }

    /// <summary>The configuration; null where there is no usable system. Whatever was wrong is among the problems.</summary>
    public RunConfiguration? Bind()
    {
        var head = (Head)Bind(typeof(Head), Top, "the configuration", []);
        if (System(head) is not { } system)
        {
            return null;
        }

        var types = new Dictionary<string, Type>
        {
            ["options"] = system.OptionsType, ["training"] = typeof(TrainingOptions), ["data"] = typeof(DataOptions), ["evaluation"] = typeof(EvaluationOptions),
        };
        PlaceRest(types, system);
        var origins = new Dictionary<string, string>();
        var evaluation = (EvaluationOptions)Bind(types["evaluation"], "evaluation", "evaluation", origins);
        CheckMetrics(evaluation);
        return new RunConfiguration
        {
            System = system,
            SplitSeed = head.SplitSeed,
            Options = (ModelOptions)Bind(types["options"], "options", system.Name, origins),
            Training = (TrainingOptions)Bind(types["training"], "training", "training", origins),
            Data = (DataOptions)Bind(types["data"], "data", "data", origins),
            Evaluation = evaluation,
            Origins = origins,
        };
    }

    // Known without data, so not only after it was loaded.
    private void CheckMetrics(EvaluationOptions evaluation)
    {
        try
        {
            MetricCatalog.Resolve(evaluation.Metrics, evaluation.Cutoffs);
        }
        catch (InputException unknown)
        {
            foreach (var problem in unknown.Problems)
            {
                problems.Add(problem);
            }
        }
    }

    private object Bind(Type type, string section, string of, Dictionary<string, string> origins)
    {
        var bound = new OptionBinder(problems).Bind(type, assignments.Where(pair => pair.Section == section).Select(pair => pair.Assignment), of);
        foreach (var (option, origin) in bound.Origins)
        {
            origins[$"{section}.{option}"] = origin;
        }

        return bound.Record;
    }

    private SystemInfo? System(Head head)
    {
        if (head.System is null)
        {
            problems.Add("No system is named; 'taste models' lists all.");
            return null;
        }

        try
        {
            return find(head.System);
        }
        catch (InputException unknown)
        {
            var place = assignments.Last(pair => pair.Section == Top && OptionText.Fold(pair.Assignment.Key) == "system").Assignment.Origin;
            problems.Add($"{place}: {unknown.Message}");
            return null;
        }
    }

    private void Place(OptionAssignment assignment, string section) => assignments.Add((section, assignment));

    private void PlaceRest(Dictionary<string, Type> types, SystemInfo system)
    {
        foreach (var setting in unplaced)
        {
            var homes = types.Where(pair => OptionSchema.Of(pair.Value).Find(setting.Key) is not null).Select(pair => pair.Key).ToList();
            switch (homes)
            {
                case [var home]:
                    Place(setting, home);
                    break;
                case []:
                    var names = types.Values.SelectMany(type => OptionSchema.Of(type).Options).Select(option => option.Name);
                    problems.Add($"{setting.Origin}: neither {system.Name} nor {string.Join(", ", Sections[1..])} has an option '{setting.Key}'.{NearestName.DidYouMean(setting.Key, names)}");
                    break;
                default:
                    problems.Add($"{setting.Origin}: '{setting.Key}' is an option of {string.Join(" and of ", homes)}; write {homes[0]}.{setting.Key}=...");
                    break;
            }
        }
    }
}
