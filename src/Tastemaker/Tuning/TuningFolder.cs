using System.Globalization;

namespace Tastemaker.Tuning;

/// <summary>
/// A study on disk: journal.jsonl, trials/NNNN (a run folder a trial), final/ (the tuned and the default run, measured on the test part), best.yaml (a
/// recipe), settings.yaml (the best configuration), study.json (the outcome), report.html and its pictures.
/// </summary>
/// <param name="path">The folder.</param>
internal sealed class TuningFolder(string path)
{
    /// <summary>The folder.</summary>
    public string FullPath { get; } = Path.GetFullPath(path);

    /// <summary>What was done.</summary>
    public string Journal => Path.Combine(FullPath, "journal.jsonl");

    /// <summary>The recipe of the best and the default setting.</summary>
    public string Recipe => Path.Combine(FullPath, "best.yaml");

    /// <summary>The configuration of the best setting.</summary>
    public string Settings => Path.Combine(FullPath, "settings.yaml");

    /// <summary>The outcome.</summary>
    public string Outcome => Path.Combine(FullPath, "study.json");

    /// <summary>The report.</summary>
    public string Report => Path.Combine(FullPath, "report.html");

    /// <summary>Checks that the folder is free for a search, or holds one.</summary>
    /// <exception cref="InputException">It is a file, or a folder with something else.</exception>
    public void DemandRoom()
    {
        if (File.Exists(FullPath))
        {
            throw new InputException($"'{path}' is a file, and a search needs a folder. Name another with --out.");
        }

        if (Directory.Exists(FullPath) && !File.Exists(Journal) && Directory.EnumerateFileSystemEntries(FullPath).Any(entry => !Runs.RunLock.IsPart(entry)))
        {
            throw new InputException($"'{path}' is not empty and holds no search. Choose another folder.");
        }
    }

    /// <summary>The run folder of a trial.</summary>
    public string Trial(int number) => Path.Combine(FullPath, "trials", number.ToString("0000", CultureInfo.InvariantCulture));

    /// <summary>The folder of the runs that are measured on the test part.</summary>
    public string Final(bool retrained) => Path.Combine(FullPath, retrained ? "final-retrained" : "final");

    /// <summary>A picture.</summary>
    public string Picture(string name) => Path.Combine(FullPath, $"{name}.png");
}
