using Tastemaker.Data.Import.Prepared;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import;

/// <summary>
/// A data set as a folder that reads back fast and unchanged: a JSON manifest, and vocabularies, interactions and features as Parquet, which
/// any other tool can read too.
/// </summary>
public static class PreparedData
{
    /// <summary>Writes a data set. Nothing is left half-written: the folder appears when it is complete.</summary>
    /// <param name="dataset">The data.</param>
    /// <param name="folder">A folder that does not exist, or an earlier prepared data set, which is replaced.</param>
    /// <param name="cancellation">Stops the writing; the folder is then as it was.</param>
    /// <exception cref="InputException">The folder exists and is something else, or cannot be written.</exception>
    public static void Write(Dataset dataset, string folder, CancellationToken cancellation = default)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(target) || (Directory.Exists(target) && !PreparedFolder.IsOne(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new InputException($"{folder} exists and is not a prepared data set, so it is not replaced. Name another folder.");
        }

        var part = $"{target}.{Guid.NewGuid():N}.part";
        try
        {
            Directory.CreateDirectory(part);
            using (var session = new DuckDbSession(Parallelism.Threads, cancellation))
            {
                new PreparedWriter(session, dataset, part).Write();
            }

            Replace(target, part);
            Leftovers.Clear(target);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or QueryFailedException)
        {
            throw WriteFailure.Of(failure, folder);
        }
        finally
        {
            if (Directory.Exists(part))
            {
                Directory.Delete(part, recursive: true);
            }
        }
    }

    /// <summary>Reads a folder that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InputException">It is no prepared data set, is newer than this version, or is damaged.</exception>
    public static Dataset Read(string folder, CancellationToken cancellation = default) => ReadWithReport(folder, new DataOptions(), cancellation).Dataset;

    internal static ImportResult ReadWithReport(string folder, DataOptions options, CancellationToken cancellation)
    {
        using var session = new DuckDbSession(options.Threads, cancellation);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var dataset = new PreparedReader(session, folder).Read();
        var warnings = new List<string>();
        dataset = ItemTitles.Name(dataset, options, warnings);
        var report = new ImportReport
        {
            Format = DataFormat.Prepared,
            Layout = "prepared data set",
            Sources = [folder],
            Columns = [],
            Rows = dataset.Interactions.Count,
            Warnings = warnings,
            Seconds = clock.Elapsed.TotalSeconds,
        };
        return new ImportResult(options.Name is null ? dataset : dataset with { Name = options.Name }, report);
    }

    private static void Replace(string target, string part)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(part, target);
            return;
        }

        var old = $"{target}.{Guid.NewGuid():N}.old";
        Directory.Move(target, old);
        Directory.Move(part, target);
        Directory.Delete(old, recursive: true);
    }
}
