using Tastemaker.Configuration;

namespace Tastemaker.Cli.Commands;

/// <summary>What a run does where the user does not say.</summary>
internal static class Defaults
{
    /// <summary>By time where there are times, else a random fifth of each user's items for the test and a tenth to choose the epoch.</summary>
    public const string Split = "auto";

    /// <summary>The configuration with the default split where none is given.</summary>
    public static RunConfiguration Fill(RunConfiguration configuration) =>
        configuration.Data.Split is null ? configuration with { Data = configuration.Data with { Split = Split } } : configuration;
}
