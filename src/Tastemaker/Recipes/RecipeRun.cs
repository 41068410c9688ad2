using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Runs;
using Tastemaker.Training;
using Tastemaker.Tuning;

namespace Tastemaker.Recipes;

/// <summary>The runs of a recipe on disk: root/recipe/label/seed-N, each trained once and found again.</summary>
/// <param name="recipe">What is run.</param>
/// <param name="root">The folder of all recipes' runs.</param>
internal sealed class RecipeRun(Recipe recipe, string root)
{
    /// <summary>The folder of one run.</summary>
    public string Folder(RecipeEntry entry, ulong seed) => Path.Combine(root, recipe.Name, RecipeEntry.Slug(entry.Label), $"seed-{seed}");

    /// <summary>Runs what is not completed yet. An entry that cannot be run does not keep the others from running.</summary>
    /// <param name="load">Imports, filters and splits the data of a configuration.</param>
    /// <param name="isWanted">Whether an entry is to run; null for all.</param>
    /// <param name="observe">Gives the observers of a run by entry and seed.</param>
    /// <param name="choosing">Gives the observers of the search for an entry's setting or epochs, and of what that trains.</param>
    /// <param name="say">Receives a sentence where completed runs do not count any more, or where there was nothing to run.</param>
    /// <param name="cancellation">Stops; call again to go on.</param>
    /// <returns>Why entries could not be run, a sentence each; empty where all were.</returns>
    public IReadOnlyList<string> Run(
        Func<RunConfiguration, Split> load,
        Func<RecipeEntry, bool>? isWanted = null,
        Func<RecipeEntry, ulong, IReadOnlyList<ITrainingObserver>>? observe = null,
        Func<RecipeEntry, (ITuningObserver Search, ITrainingObserver Training)>? choosing = null,
        Action<string>? say = null,
        CancellationToken cancellation = default)
    {
        using var held = RunLock.Take(Path.Combine(root, recipe.Name), "recipe");
        var (splits, failures) = (new Dictionary<string, Split>(), new List<string>());
        RecipeEntry[] wanted = [.. recipe.Entries.Where(entry => isWanted?.Invoke(entry) ?? true)];
        var open = wanted.Where(entry => !entry.Seeds.All(seed => IsCompleted(entry, seed))).Select(KeyOf).ToHashSet();
        foreach (var entry in wanted.Where(entry => open.Contains(KeyOf(entry))))
        {
            try
            {
                var split = splits.TryGetValue(KeyOf(entry), out var known) ? known : splits[KeyOf(entry)] = load(entry.Configuration);
                var data = entry.Retrain ? split.WithValidationInTraining() : split;
                SetAsideOtherData(entry, data, say);
                foreach (var seed in entry.Seeds.Where(seed => !IsCompleted(entry, seed)))
                {
                    cancellation.ThrowIfCancellationRequested();
                    var configuration = Setting(entry, seed) ?? Search(entry, seed, split, choosing?.Invoke(entry), cancellation);
                    SetAside(entry, seed, configuration);
                    Experiment.Run(configuration, data, Folder(entry, seed), observe?.Invoke(entry, seed), cancellation: cancellation).Recommender.Dispose();
                }
            }
            catch (InputException failure)
            {
                // Data that cannot be read is said once for all that share it.
                failures.AddRange(splits.ContainsKey(KeyOf(entry)) ? [$"{entry.Label}: {string.Join(" ", failure.Problems)}"] : failure.Problems.Except(failures));
            }
        }

        if (open.Count == 0)
        {
            say?.Invoke($"Recipe {recipe.Name}: every run is completed; its data was not read again.");
        }

        return failures;
    }

    private static string KeyOf(RecipeEntry entry) => OptionJson.Of(entry.Configuration.Data).ToJsonString() + entry.Configuration.SplitSeed;

    // Data may change under a recipe: what was chosen and measured on other data is kept beside, and does not count.
    private void SetAsideOtherData(RecipeEntry entry, Split data, Action<string>? say)
    {
        var folder = Path.Combine(root, recipe.Name, RecipeEntry.Slug(entry.Label));
        var other = entry.Seeds.Select(seed => Folder(entry, seed)).Where(RunFolder.Exists).Select(path => RunFolder.Open(path).Manifest).FirstOrDefault(manifest => manifest.SplitFingerprint != data.Fingerprint);
        if (other is null)
        {
            return;
        }

        var aside = $"{folder}.was-{other.SplitFingerprint}";
        if (Directory.Exists(aside))
        {
            Directory.Delete(aside, recursive: true);
        }

        Directory.Move(folder, aside);
        say?.Invoke($"{entry.Label}: the data or its split has changed since it was run, so it is run again; what was measured before is kept in {aside}");
    }

    /// <summary>The completed runs of an entry, by seed.</summary>
    public IReadOnlyList<RunFolder> Completed(RecipeEntry entry) =>
        [.. entry.Seeds.Where(seed => IsCompleted(entry, seed)).Select(seed => RunFolder.Open(Folder(entry, seed)))];

    // A recipe that was edited is run anew; what its earlier wording gave is kept beside it.
    private void SetAside(RecipeEntry entry, ulong seed, RunConfiguration configuration)
    {
        var folder = Folder(entry, seed);
        if (RunFolder.Exists(folder) && RunFolder.Open(folder).Manifest.Configuration is var earlier && earlier != configuration.Fingerprint)
        {
            var aside = $"{folder}.was-{earlier}";
            if (Directory.Exists(aside))
            {
                Directory.Delete(aside, recursive: true);
            }

            Directory.Move(folder, aside);
        }
    }

    private bool IsCompleted(RecipeEntry entry, ulong seed)
    {
        var folder = Folder(entry, seed);
        if (!RunFolder.Exists(folder) || Setting(entry, seed) is not { } configuration)
        {
            return false;
        }

        var manifest = RunFolder.Open(folder).Manifest;
        return manifest.State == RunStatus.Completed && manifest.Configuration == configuration.Fingerprint;
    }

    // What is run: the entry as it stands, or with the setting that its search chose; null where that is still to be searched.
    private RunConfiguration? Setting(RecipeEntry entry, ulong seed)
    {
        var chosen = entry is { Tune: 0, Retrain: false } ? entry.Configuration : SettingSearch.Read(entry.Configuration, Math.Max(1, entry.Tune), SearchFolder(entry));
        return chosen is null ? null : chosen with { Training = chosen.Training with { Seed = seed } };
    }

    // One search for all seeds, with the seed of the configuration.
    private RunConfiguration Search(RecipeEntry entry, ulong seed, Split split, (ITuningObserver Search, ITrainingObserver Training)? observers, CancellationToken cancellation)
    {
        var tuning = new TuningOptions { Trials = Math.Max(1, entry.Tune), Startup = Math.Max(1, entry.Tune / 2), Retrain = entry.Retrain };
        _ = entry.Tune == 0
            ? SettingSearch.FindEpochs(entry.Configuration, tuning, split, SearchFolder(entry), observers is { } watching ? [watching.Training] : [], cancellation)
            : SettingSearch.Run(entry.Configuration, tuning, split, SearchFolder(entry), observers?.Search, observers is { } watched ? [watched.Training] : [], cancellation);
        return Setting(entry, seed)!;
    }

    // Another budget is another search: how a search begins depends on how long it is.
    private TuningFolder SearchFolder(RecipeEntry entry) =>
        new(Path.Combine(root, recipe.Name, RecipeEntry.Slug(entry.Label), $"tune-{entry.Tune}-{entry.Configuration.Fingerprint[..8]}{(entry.Retrain ? "-retrained" : "")}"));
}
