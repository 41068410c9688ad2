using Tastemaker.Systems;

namespace Tastemaker.Configuration;

/// <summary>Reads the configuration of one run from a file and the command line.</summary>
internal static class RunConfigurationReader
{
    /// <summary>The configuration.</summary>
    /// <param name="find">The catalog's look-up of systems.</param>
    /// <param name="file">Settings in YAML or JSON; null for none.</param>
    /// <param name="settings">"key=value" settings, stronger than the file.</param>
    /// <exception cref="InputException">All problems at once: unknown names, wrong types, values out of range.</exception>
    public static RunConfiguration Read(Func<string, SystemInfo> find, ConfigurationSource? file, IEnumerable<string> settings)
    {
        var problems = new List<string>();
        var binder = new RunConfigurationBinder(find, problems);
        if (file is not null)
        {
            binder.Add(file, file.Root);
        }

        foreach (var setting in settings)
        {
            try
            {
                binder.Set(OptionAssignment.Parse(setting));
            }
            catch (InputException bad)
            {
                problems.AddRange(bad.Problems);
            }
        }

        var configuration = binder.Bind();
        return configuration is not null && problems.Count == 0 ? configuration : throw new InputException(problems);
    }
}
