using Tastemaker.Configuration;
using Tastemaker.Data.Locations;
using Tastemaker.Data.Import;
using Tastemaker.Data.Sources;

namespace Tastemaker.Cli.Arguments;

/// <summary>Lets commands take the name of a public set, such as "movielens-1m", where they take a path.</summary>
internal static class PublicData
{
    /// <summary>
    /// The options, or, where they name a public set, that set's own options with what was said otherwise; the set must have been fetched.
    /// </summary>
    /// <exception cref="InputException">The set is known but not on this machine.</exception>
    public static DataOptions Locate(DataOptions options)
    {
        if (options.Paths is not [var name] || Path.Exists(DataPath.Resolve(name)) || PublicDatasets.All.All(set => !set.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            return options;
        }

        var folder = Path.Combine(DataRoot.Resolve(), PublicDatasets.Find(name).Name);
        return Directory.Exists(folder)
            ? With(PublicDatasets.FetchAsync(name).GetAwaiter().GetResult().Options, options)
            : throw new InputException($"The public set '{name}' is not on this machine. 'taste data fetch {name}' gets it.");
    }

    private static DataOptions With(DataOptions set, DataOptions said)
    {
        var merged = set with { };
        foreach (var option in OptionSchema.Of(typeof(DataOptions)).Options.Where(option => option.Name != "paths"))
        {
            var value = option.Property.GetValue(said);
            if (OptionText.Of(value) != option.DefaultText)
            {
                option.Property.SetValue(merged, value);
            }
        }

        return merged;
    }
}
