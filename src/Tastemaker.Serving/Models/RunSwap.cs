namespace Tastemaker.Serving.Models;

/// <summary>
/// Puts a new run in the place of the one that is served. The old one is kept beside it, under the same name with ".before"; what was being made has ".next".
/// </summary>
/// <param name="folder">The run that is served.</param>
internal sealed class RunSwap(string folder)
{
    private readonly string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>Where the next run is made.</summary>
    public string Next => folder + ".next";

    private string Before => folder + ".before";

    /// <summary>Deletes what an earlier attempt left.</summary>
    public void Clear() => Delete(Next);

    /// <summary>The next run takes the place.</summary>
    public void Take()
    {
        Delete(Before);
        Directory.Move(folder, Before);
        Directory.Move(Next, folder);
    }

    /// <summary>Undoes <see cref="Take"/>.</summary>
    public void GiveBack()
    {
        Directory.Move(folder, Next);
        Directory.Move(Before, folder);
        Clear();
    }

    /// <summary>After a crash between the two moves of <see cref="Take"/> the place is empty: the old run gets it back.</summary>
    public static void Mend(string folder)
    {
        var swap = new RunSwap(folder);
        if (!Directory.Exists(swap.folder) && Directory.Exists(swap.Before))
        {
            Directory.Move(swap.Before, swap.folder);
        }
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
