using Tastemaker.Configuration;

namespace Tastemaker.Cli.Commands;

/// <summary>What a run does where the user does not say.</summary>
internal static class Defaults
{
    /// <summary>A random fifth of every user's items is the test, a tenth chooses the epoch: works with and without times.</summary>
    public const string Split = "ratio-by-user(test=0.2,validation=0.1)";

    /// <summary>The configuration with the default split where none is given.</summary>
    public static RunConfiguration Fill(RunConfiguration configuration) =>
        configuration.Data.Split is null ? configuration with { Data = configuration.Data with { Split = Split } } : configuration;
}
