namespace Tastemaker.Artifacts;

/// <summary>Folders that appear whole or not at all: filled beside their place, then renamed to it.</summary>
internal static class AtomicFolder
{
    /// <summary>Makes or replaces a folder; on failure the old one, if any, is still there.</summary>
    /// <param name="folder">The folder to make.</param>
    /// <param name="fill">Writes the files into the folder it is given.</param>
    public static void Write(string folder, Action<string> fill)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(full))
        {
            throw new InputException($"'{folder}' is a file; a folder is to be written there. Choose another name.");
        }

        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        var old = $"{full}.{Guid.NewGuid():N}.old";
        Directory.CreateDirectory(temporary);
        try
        {
            fill(temporary);
            if (Directory.Exists(full))
            {
                Directory.Move(full, old);
            }

            Directory.Move(temporary, full);
            Leftovers.Clear(full);
        }
        finally
        {
            Delete(temporary);
            if (Directory.Exists(full))
            {
                Delete(old);
            }
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
