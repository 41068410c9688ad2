using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data.Import;
using Tastemaker.Evaluation;
using Tastemaker.Options;

namespace Tastemaker.Cli.Arguments;

/// <summary>Settings of a command for several systems: one that names no system is for those that have the option.</summary>
internal static class SharedSettings
{
    private const string Section = "options.";

    private static readonly Type[] OfRuns = [typeof(TrainingOptions), typeof(DataOptions), typeof(EvaluationOptions)];

    /// <summary>The systems that a setting leaves as they are, because they have no such option and others of them have. None where all have it, where none has, and where the setting is of the run or names a system.</summary>
    /// <param name="setting">As written, such as epochs=5.</param>
    /// <param name="systems">The systems of the command.</param>
    /// <exception cref="InputException">There is no such system.</exception>
    public static IReadOnlyList<string> Lacking(string setting, IReadOnlyList<string> systems)
    {
        var name = setting.Split('=')[0].Trim();
        name = name.StartsWith(Section, StringComparison.OrdinalIgnoreCase) ? name[Section.Length..] : name;
        var lacking = systems.Where(id => OptionSchema.Of(SystemCatalog.Find(id).OptionsType).Find(name) is null).ToList();
        return lacking.Count == systems.Count || Array.Exists(OfRuns, type => OptionSchema.Of(type).Find(name) is not null) ? [] : lacking;
    }

    /// <summary>A note on each setting that only some of the systems have.</summary>
    /// <param name="settings">As written.</param>
    /// <param name="systems">The systems of the command.</param>
    /// <param name="compared">Those of them that are compared.</param>
    public static IEnumerable<string> Notes(IEnumerable<string> settings, IReadOnlyList<string> systems, IEnumerable<string> compared) =>
        from setting in settings
        let lacking = Lacking(setting, systems).Intersect(compared, StringComparer.OrdinalIgnoreCase).ToList()
        where lacking.Count > 0
        select $"--set {setting} is not for {string.Join(", ", lacking)}, which {(lacking.Count == 1 ? "has" : "have")} no such option.";
}
