using System.Text.Json;
using Tastemaker.Artifacts;
using Tastemaker.Configuration;
using Tastemaker.Runs;

namespace Tastemaker.Recipes;

/// <summary>What recipes have measured, a JSON file per recipe: pages are made from these, so that they can be made anew without run folders.</summary>
/// <param name="folder">Where the files lie.</param>
internal sealed class RecipeArchive(string folder)
{
    private static readonly JsonSerializerOptions Json = new(RunJson.Indented) { RespectNullableAnnotations = true };

    /// <summary>The results of a recipe's entries in their order: of completed runs, else what was kept of earlier ones; entries without either are left out.</summary>
    /// <exception cref="InputException">The file is corrupt.</exception>
    public IReadOnlyList<(RecipeEntry Entry, RecipeResult Result)> Results(Recipe recipe, RecipeRun runs)
    {
        var kept = Read(recipe.Name);
        return
        [
            .. recipe.Entries
                .Select(entry => (entry, Result: runs.Completed(entry) is { Count: > 0 } completed ? RecipeResult.Of(entry, completed) : kept.GetValueOrDefault(entry.Label)))
                .Where(pair => pair.Result is not null).Select(pair => (pair.entry, pair.Result!)),
        ];
    }

    /// <summary>Keeps the results of a recipe.</summary>
    public void Keep(Recipe recipe, IEnumerable<RecipeResult> results)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(PathOf(recipe.Name), JsonSerializer.Serialize(results, Json) + "\n");
    }

    private Dictionary<string, RecipeResult> Read(string recipe)
    {
        var path = PathOf(recipe);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<List<RecipeResult>>(File.ReadAllText(path), Json)!.ToDictionary(result => result.Label) : [];
        }
        catch (JsonException corrupt)
        {
            throw new InputException($"'{path}' is corrupt: {corrupt.Message} Restore it, or delete it and run the recipe again.", corrupt);
        }
    }

    private string PathOf(string recipe) => Path.Combine(folder, $"{recipe}.json");
}
