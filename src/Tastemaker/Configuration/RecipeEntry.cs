namespace Tastemaker.Configuration;

/// <summary>One system of a recipe.</summary>
/// <param name="Label">Distinguishes it in tables and folder names, e.g. "ease" or "ease, weak".</param>
/// <param name="Configuration">The run, but for its seed.</param>
/// <param name="Seeds">Training seeds, a run each.</param>
/// <param name="References">Published figures and targets.</param>
/// <param name="Note">What the reader of the results should know; empty for nothing.</param>
internal sealed record RecipeEntry(
    string Label, RunConfiguration Configuration, IReadOnlyList<ulong> Seeds, IReadOnlyList<MetricReference> References, string Note)
{
    /// <summary>Settings to try on the validation part before the best is trained with each seed; 0 to take the setting as it stands.</summary>
    public int Tune { get; init; }

    /// <summary>The run of one seed.</summary>
    public RunConfiguration WithSeed(ulong seed) => Configuration with { Training = Configuration.Training with { Seed = seed } };
}
