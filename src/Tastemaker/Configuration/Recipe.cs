using System.Text;

namespace Tastemaker.Configuration;

/// <summary>Systems to be trained and measured on one split, with the figures they are to be compared with: what 'taste reproduce' runs.</summary>
internal sealed record Recipe
{
    /// <summary>The file's name without extension; names folders and the command.</summary>
    public required string Name { get; init; }

    /// <summary>The file as the command is to be given it; null where it is not known.</summary>
    public string? Path { get; init; }

    /// <summary>One line for headings.</summary>
    public required string Title { get; init; }

    /// <summary>What is done and why, for the results page.</summary>
    public required string Description { get; init; }

    /// <summary>The systems, in the order of the file.</summary>
    public required IReadOnlyList<RecipeEntry> Entries { get; init; }
}

/// <summary>What the settings of an entry were chosen on.</summary>
internal enum SettingsChosenOn
{
    /// <summary>Nothing: they are the defaults.</summary>
    Defaults,

    /// <summary>Nothing: they are those of the publication.</summary>
    Published,

    /// <summary>The validation part.</summary>
    Validation,

    /// <summary>The test part, at least some of them: the result is too good for that reason.</summary>
    Test,
}

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

    /// <summary>
    /// Whether what is measured is trained once more with the validation part in its training data, for the epochs that were best on it: where a publication's training data is all but its test part.
    /// </summary>
    public bool Retrain { get; init; }

    /// <summary>What the settings were chosen on; null where the recipe does not say.</summary>
    public SettingsChosenOn? ChosenOn { get; init; }

    /// <summary>The run of one seed.</summary>
    public RunConfiguration WithSeed(ulong seed) => Configuration with { Training = Configuration.Training with { Seed = seed } };

    /// <summary>A label as the name of a folder.</summary>
    public static string Slug(string label)
    {
        var slug = new StringBuilder();
        foreach (var letter in label.ToLowerInvariant())
        {
            slug.Append(char.IsLetterOrDigit(letter) || letter is '+' or '.' ? letter : slug.Length > 0 && slug[^1] != '-' ? "-" : "");
        }

        return slug.ToString().TrimEnd('-');
    }
}
