using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Options;
using Tastemaker.Systems;

namespace Tastemaker.Bench.Commands;

/// <summary>Reads which systems to measure and with what options: a wrong name must not end a run after an hour.</summary>
internal static class ChosenSystems
{
    /// <param name="ids">Systems by id, with commas; "all" for the whole catalog.</param>
    /// <param name="settings">Settings such as "neumf.pretraining-epochs=0".</param>
    /// <exception cref="InputException">All that is wrong with them.</exception>
    public static (SystemInfo System, ModelOptions Options)[] Parse(string ids, string[] settings)
    {
        SystemInfo[] chosen = ids == "all"
            ? [.. SystemCatalog.Systems]
            : [.. ids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(SystemCatalog.Find)];
        var problems = settings
            .Where(text => !chosen.Any(system => IsFor(system, text)))
            .Select(text => $"--set {text}: begin with the id of a system that is measured and a dot, as in 'neumf.pretraining-epochs=0'.")
            .ToList();
        var bound = chosen.Select(system => (system, OptionsOf(system, settings, problems))).ToArray();
        return problems.Count == 0 ? bound : throw new InputException(problems);
    }

    private static ModelOptions OptionsOf(SystemInfo system, string[] settings, List<string> problems)
    {
        var own = settings.Where(text => IsFor(system, text)).Select(text => text[(system.Id.Length + 1)..]);
        return (ModelOptions)new OptionBinder(problems).Bind(system.OptionsType, own.Select(OptionAssignment.Parse), system.Name).Record;
    }

    private static bool IsFor(SystemInfo system, string setting) => setting.StartsWith(system.Id + ".", StringComparison.OrdinalIgnoreCase);
}
