using System.Text;
using Tastemaker.Configuration;
using Tastemaker.Data.Splits;
using Tastemaker.Training;

namespace Tastemaker.Runs;

/// <summary>The runs of a recipe on disk: root/recipe/label/seed-N, each trained once and found again.</summary>
/// <param name="recipe">What is run.</param>
/// <param name="root">The folder of all recipes' runs.</param>
internal sealed class RecipeRun(Recipe recipe, string root)
{
    /// <summary>The folder of one run.</summary>
    public string Folder(RecipeEntry entry, ulong seed) => Path.Combine(root, recipe.Name, Slug(entry.Label), $"seed-{seed}");

    /// <summary>Runs what is not completed yet.</summary>
    /// <param name="load">Imports, filters and splits the data of a configuration.</param>
    /// <param name="observe">Gives the observers of a run by entry and seed.</param>
    /// <param name="cancellation">Stops; call again to go on.</param>
    public void Run(
        Func<RunConfiguration, Split> load, Func<RecipeEntry, ulong, IReadOnlyList<ITrainingObserver>>? observe = null, CancellationToken cancellation = default)
    {
        var splits = new Dictionary<string, Split>();
        foreach (var entry in recipe.Entries)
        {
            var key = OptionJson.Of(entry.Configuration.Data).ToJsonString() + entry.Configuration.SplitSeed;
            foreach (var seed in entry.Seeds.Where(seed => !IsCompleted(entry, seed)))
            {
                cancellation.ThrowIfCancellationRequested();
                var split = splits.TryGetValue(key, out var known) ? known : splits[key] = load(entry.Configuration);
                SetAside(entry, seed);
                Experiment.Run(entry.WithSeed(seed), split, Folder(entry, seed), observe?.Invoke(entry, seed), cancellation: cancellation).Recommender.Dispose();
            }
        }
    }

    /// <summary>The completed runs of an entry, by seed.</summary>
    public IReadOnlyList<RunFolder> Completed(RecipeEntry entry) =>
        [.. entry.Seeds.Where(seed => IsCompleted(entry, seed)).Select(seed => RunFolder.Open(Folder(entry, seed)))];

    // A recipe that was edited is run anew; what its earlier wording gave is kept beside it.
    private void SetAside(RecipeEntry entry, ulong seed)
    {
        var folder = Folder(entry, seed);
        if (RunFolder.Exists(folder) && RunFolder.Open(folder).Manifest.Configuration is var earlier && earlier != entry.WithSeed(seed).Fingerprint)
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
        if (!RunFolder.Exists(folder))
        {
            return false;
        }

        var manifest = RunFolder.Open(folder).Manifest;
        return manifest.State == RunStatus.Completed && manifest.Configuration == entry.WithSeed(seed).Fingerprint;
    }

    private static string Slug(string label)
    {
        var slug = new StringBuilder();
        foreach (var letter in label.ToLowerInvariant())
        {
            slug.Append(char.IsLetterOrDigit(letter) || letter is '+' or '.' ? letter : slug.Length > 0 && slug[^1] != '-' ? "-" : "");
        }

        return slug.ToString().TrimEnd('-');
    }
}
