using System.Globalization;
using Tastemaker.Data;

namespace Tastemaker.Runs;

/// <summary>
/// Holds a folder for one process: a file that only one can have open, which the operating system lets go when that process ends, however it ends. Beside it stands
/// the number of the process, for those who come second.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const string LockFile = "run.lock", OwnerFile = "run.pid";

    private readonly FileStream file;
    private readonly string folder;
    private readonly bool isNew;

    private RunLock(FileStream file, string folder, bool isNew) => (this.file, this.folder, this.isNew) = (file, folder, isNew);

    /// <summary>Takes a folder, which is made where there is none.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="what">What is done there, such as "run" or "search".</param>
    /// <exception cref="InputException">Another process has it, or it cannot be written.</exception>
    public static RunLock Take(string path, string what = "run")
    {
        var folder = Path.GetFullPath(path);
        if (File.Exists(folder))
        {
            throw new InputException($"'{path}' is a file, and a {what} needs a folder. Name another.");
        }

        var isNew = !Directory.Exists(folder);
        try
        {
            Directory.CreateDirectory(folder);
            var file = new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            var held = new RunLock(file, folder, isNew);
            try
            {
                File.WriteAllText(Path.Combine(folder, OwnerFile), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
                return held;
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Files that do not exist or may not be opened have exceptions of their own.
            throw failure.GetType() != typeof(IOException) || WriteFailure.Explain(failure) is not null ? WriteFailure.Of(failure, path) : new InputException(
                $"'{path}': this {what} is in progress ({Owner(folder)}). Wait for it to end, stop it, or choose another folder.", failure);
        }
    }

    /// <summary>Whether a process has the folder now.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="owner">Which, such as "process 4711".</param>
    public static bool IsTaken(string path, out string owner)
    {
        var folder = Path.GetFullPath(path);
        owner = Owner(folder);
        var name = Path.Combine(folder, LockFile);
        if (!File.Exists(name))
        {
            return false;
        }

        try
        {
            using var file = new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure is not FileNotFoundException;
        }
    }

    /// <summary>Whether a file in a folder is one of these, and nothing of the run's.</summary>
    public static bool IsPart(string path) => Path.GetFileName(path) is LockFile or OwnerFile;

    /// <summary>Lets the folder go; one that was made for nothing is removed.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(Path.Combine(folder, OwnerFile));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A number that stays is overwritten by the next.
        }

        file.Dispose();
        try
        {
            if (isNew && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
        catch (IOException)
        {
            // Somebody else has begun to use it.
        }
    }

    private static string Owner(string folder)
    {
        try
        {
            return $"process {File.ReadAllText(Path.Combine(folder, OwnerFile)).Trim()}";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
