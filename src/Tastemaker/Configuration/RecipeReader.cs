using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Tastemaker.Naming;
using Tastemaker.Systems;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Configuration;

/// <summary>
/// Reads recipe files: what all systems share at the top ("data", "filters", "split", "training", "evaluation", "seeds"), then "systems", each with its own settings, a "label" and a "note".
/// At the top for all, or in an entry for one: "tune: trials" (settings tried on the validation part, of which the best is run) and "retrain: true" (what is measured trains once more with the
/// validation part, for the epochs that were best on it). In an entry: "chosen-on: defaults|published|validation|test", "reference: {metric: value, ..., source: text}" (or a list of such) for what
/// somebody has published, "independent: {...}" for what an independent program computed on the same split, and "goals: {metric: value}".
/// </summary>
/// <param name="find">The catalog's look-up of systems.</param>
internal sealed class RecipeReader(Func<string, SystemInfo> find)
{
    private static readonly string[] RunKeys = ["system", "options", "training", "data", "evaluation", "split", "filters", "seed", "split-seed"];
    private static readonly string[] OwnNames = ["name", "title", "description", "seeds", "tune", "retrain", "systems"];
    private static readonly string[] EntryNames = ["label", "note", "seeds", "tune", "retrain", "chosen-on", "reference", "references", "independent", "goals", "targets"];

    private readonly List<string> problems = [];

    private sealed record Texts
    {
        /// <summary>One line for headings.</summary>
        public string? Title { get; init; }

        /// <summary>What is done and why.</summary>
        public string? Description { get; init; }

        /// <summary>Distinguishes systems.</summary>
        public string? Label { get; init; }

        /// <summary>For the reader of the results.</summary>
        public string? Note { get; init; }

        /// <summary>Training seeds.</summary>
        public IReadOnlyList<ulong> Seeds { get; init; } = [];

        /// <summary>What the settings were chosen on.</summary>
        public SettingsChosenOn? ChosenOn { get; init; }

        /// <summary>Settings to try on the validation part.</summary>
        [Range(0, 100_000)]
        public int? Tune { get; init; }

        /// <summary>Whether the validation part joins the training data once all is chosen.</summary>
        public bool? Retrain { get; init; }
    }

    /// <summary>The recipe of a file.</summary>
    /// <exception cref="InputException">All problems at once, each with its line.</exception>
    public static Recipe Read(string path, Func<string, SystemInfo> find) =>
        new RecipeReader(find).Read(ConfigurationSource.FromFile(path), Path.GetFileNameWithoutExtension(path)) with { Path = Path.GetRelativePath(Environment.CurrentDirectory, path).Replace('\\', '/') };

    /// <summary>The recipe of a source.</summary>
    /// <exception cref="InputException">All problems at once, each with its line.</exception>
    public Recipe Read(ConfigurationSource source, string name)
    {
        Check(source, source.Root, OwnNames);
        var own = TextsOf(source, source.Root, ["title", "description", "seeds", "tune", "retrain"]);
        var entries = new List<RecipeEntry>();
        if (Child(source.Root, "systems") is not YamlSequenceNode { Children.Count: > 0 } systems)
        {
            throw new InputException($"{source.Name}: a recipe needs 'systems': a list of entries, each with a 'system'.");
        }

        foreach (var node in systems.Children)
        {
            if (node is not YamlMappingNode entry)
            {
                problems.Add($"{source.Place(node)}: an entry of 'systems' must be a map with a 'system'.");
            }
            else if (Entry(source, entry, own) is { } made)
            {
                entries.Add(made);
            }
        }

        problems.AddRange(entries.GroupBy(entry => entry.Label).Where(group => group.Count() > 1)
            .Select(group => $"{source.Name}: {group.Count()} entries are called '{group.Key}'; give each a 'label' of its own."));
        problems.AddRange(entries.GroupBy(entry => RecipeEntry.Slug(entry.Label)).Where(group => group.Select(entry => entry.Label).Distinct().Count() > 1)
            .Select(group => $"{source.Name}: the labels {string.Join(" and ", group.Select(entry => $"'{entry.Label}'"))} would share a folder; let them differ in letters or digits."));
        string[] distinct = [.. problems.Distinct()]; // what stands at the top is read for each entry
        return distinct.Length == 0
            ? new Recipe { Name = name, Title = own.Title ?? name, Description = own.Description ?? "", Entries = entries }
            : throw new InputException(distinct);
    }

    // Keys of recipes and of runs that do not exist; the binder is not shown them.
    private void Check(ConfigurationSource source, YamlMappingNode map, string[] names)
    {
        string[] known = [.. names, .. RunKeys];
        problems.AddRange(Unknown(source, map, names).Select(entry => $"{entry.Origin}: a recipe has no '{entry.Key}' here.{NearestName.DidYouMean(entry.Key, known)} It has {string.Join(", ", known)}."));
    }

    private static IEnumerable<OptionAssignment> Unknown(ConfigurationSource source, YamlMappingNode map, string[] names) =>
        source.Entries(map).Where(entry => !names.Concat(RunKeys).Any(name => OptionText.Fold(name) == OptionText.Fold(entry.Key)));

    // What the binder is not to look at.
    private static string[] Skipped(ConfigurationSource source, YamlMappingNode map, string[] names) =>
        [.. names.Select(OptionText.Fold), .. Unknown(source, map, names).Select(entry => OptionText.Fold(entry.Key))];

    private RecipeEntry? Entry(ConfigurationSource source, YamlMappingNode entry, Texts common)
    {
        Check(source, entry, EntryNames);
        var texts = TextsOf(source, entry, ["label", "note", "seeds", "tune", "retrain", "chosenon"]);
        var binder = new RunConfigurationBinder(find, problems);
        binder.Add(source, source.Root, Skipped(source, source.Root, OwnNames));
        binder.Add(source, entry, Skipped(source, entry, EntryNames));
        if (binder.Bind() is not { } configuration)
        {
            return null;
        }

        var seeds = texts.Seeds.Count > 0 ? texts.Seeds : common.Seeds.Count > 0 ? common.Seeds : [configuration.Training.Seed];
        return new RecipeEntry(texts.Label ?? configuration.System.Id, configuration, seeds, [.. References(source, entry)], texts.Note ?? "") { Tune = texts.Tune ?? common.Tune ?? 0, Retrain = texts.Retrain ?? common.Retrain ?? false, ChosenOn = texts.ChosenOn };
    }

    private IEnumerable<MetricReference> References(ConfigurationSource source, YamlMappingNode entry)
    {
        foreach (var (key, kind) in new[] { ("reference", ReferenceKind.Published), ("references", ReferenceKind.Published), ("independent", ReferenceKind.Independent) })
        {
            var given = Child(entry, key);
            foreach (var map in (given as YamlSequenceNode)?.Children ?? (given is null ? [] : [given]))
            {
                var text = (Child(map, "source") as YamlScalarNode)?.Value ?? (kind == ReferenceKind.Published ? "paper" : "independent computation");
                foreach (var reference in Figures(source, map, text, kind))
                {
                    yield return reference;
                }
            }
        }

        // "targets" is the earlier name of goals.
        foreach (var goals in new[] { Child(entry, "goals"), Child(entry, "targets") }.OfType<YamlNode>())
        {
            foreach (var goal in Figures(source, goals, "goal", ReferenceKind.Goal))
            {
                yield return goal;
            }
        }
    }

    private List<MetricReference> Figures(ConfigurationSource source, YamlNode node, string text, ReferenceKind kind)
    {
        var figures = new List<MetricReference>();
        if (node is not YamlMappingNode map)
        {
            problems.Add($"{source.Place(node)}: write figures as a map of metric to value.");
            return figures;
        }

        foreach (var entry in source.Entries(map).Where(entry => OptionText.Fold(entry.Key) != "source"))
        {
            if (entry.Value is YamlScalarNode { Value: { } number } && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                figures.Add(new MetricReference(entry.Key, value, text, kind));
            }
            else
            {
                problems.Add($"{entry.Origin}: the figure of '{entry.Key}' must be a number.");
            }
        }

        return figures;
    }

    private Texts TextsOf(ConfigurationSource source, YamlMappingNode map, string[] keys) => (Texts)new OptionBinder(problems)
        .Bind(typeof(Texts), source.Entries(map).Where(entry => keys.Contains(OptionText.Fold(entry.Key))), "the recipe").Record;

    private static YamlNode? Child(YamlNode map, string key) =>
        (map as YamlMappingNode)?.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode { Value: { } name } && OptionText.Fold(name) == key).Value;
}
