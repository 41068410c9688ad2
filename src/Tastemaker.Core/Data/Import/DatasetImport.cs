using System.Diagnostics;
using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Import.Reading;
using Tastemaker.Data.Locations;

namespace Tastemaker.Data.Import;

/// <summary>Makes a <see cref="Dataset"/> of files, folders and databases, read by DuckDB in this process.</summary>
public static class DatasetImport
{
    /// <summary>Imports a file or folder with everything recognized.</summary>
    /// <exception cref="InputException">The data cannot be used; every problem found is listed.</exception>
    public static Dataset Import(string path) => Import(DataOptions.From(path));

    /// <summary>Imports what the options name. Filters and split of the options are left to the caller.</summary>
    /// <param name="options">Which data.</param>
    /// <param name="progress">Receives rows read so far.</param>
    /// <param name="cancellation">Stops within a chunk of rows.</param>
    /// <exception cref="InputException">The data cannot be used; every problem found is listed.</exception>
    public static Dataset Import(DataOptions options, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default) =>
        ImportWithReport(options, progress, cancellation).Dataset;

    /// <summary>Imports what the options name, and tells what was recognized and what looks wrong.</summary>
    /// <inheritdoc cref="Import(DataOptions, IProgress{ImportProgress}?, CancellationToken)"/>
    public static ImportResult ImportWithReport(DataOptions options, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        Check(options);
        var located = Located(options);
        if (FormatRecognizer.IsPrepared(located))
        {
            if (located.FilesBeside.FirstOrDefault() is { Option: { } option, Path: var path })
            {
                throw new InputException($"{located.Paths[0]} is a prepared folder, which holds its features already, so that {path} ({option}) would not be read. Leave {option} out, or import the sources again with it.");
            }

            return WithChecks(PreparedData.ReadWithReport(located.Paths[0], located, cancellation), isOrder: false, options.Filters);
        }

        var result = Open(options, progress, (session, source, opened) => new ImportRun(session, source, opened, progress).Run(), cancellation);
        result = WithChecks(result, options.TimeUnit == TimeUnit.Order || TimeScale.AreOnlyOrder(result.Report.Warnings), options.Filters);
        return result with { Report = result.Report with { Seconds = clock.Elapsed.TotalSeconds } };
    }

    // An order is no clock.
    private static ImportResult WithChecks(ImportResult result, bool isOrder, IReadOnlyList<string> filters) => result with
    {
        Report = result.Report with
        {
            Warnings = [.. result.Report.Warnings, .. isOrder ? [] : TimeChecks.Warnings(result.Dataset.Interactions.Times, TimeProvider.System), .. MissingIdChecks.Warnings(result.Dataset, filters)],
        },
    };

    /// <summary>Opens a source that is no prepared folder, and does something with it while it is open.</summary>
    /// <exception cref="InputException">The data cannot be used; every problem found is listed.</exception>
    internal static T Open<T>(
        DataOptions options, IProgress<ImportProgress>? progress, Func<DuckDbSession, ImportSource, DataOptions, T> use, CancellationToken cancellation)
    {
        Check(options);
        options = Located(options);
        using var copies = new DecodedCopies(options.Encoding, cancellation);
        try
        {
            var plain = FormatRecognizer.IsDatabase(options) ? options : copies.Of(options);
            T Read(DataOptions from)
            {
                using var session = new DuckDbSession(options.Threads, cancellation);
                return use(session, FormatRecognizer.Open(session, from, progress, cancellation), from);
            }

            T result;
            try
            {
                result = Read(plain);
            }
            catch (InputException error) when (error.InnerException is QueryFailedException { IsOfLineEnds: true })
            {
                result = Read(copies.WithPlainLines(plain));
            }
            catch (InputException error) when (options.OnBadRows == BadRowPolicy.Drop && error.InnerException is QueryFailedException { IsOfJson: true })
            {
                result = Read(copies.WithWholeJson(plain));
            }

            return result is ImportResult imported ? (T)(object)copies.Original(imported) : result;
        }
        catch (InputException error)
        {
            throw copies.Original(UserLinesFormat.Hint(options) is { } hint ? new InputException([.. error.Problems, hint]) : error);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputException(copies.Original($"The data cannot be read: {failure.Message.TrimEnd('.')}. Check that the path is a file that you may read, and that links lead to one."), failure);
        }
    }

    private static DataOptions Located(DataOptions options) => options.WithFilesBeside(DataPath.Resolve) with { Paths = [.. options.Paths.Select(DataPath.Resolve)] };

    private static void Check(DataOptions options)
    {
        List<string> problems = [.. FeatureKinds.Problems(options)];
        if (options.Paths.Count == 0)
        {
            problems.Add("No data was named: give the path of a file or folder, or duckdb:, sqlite:PATH or postgres:CONNECTION with a query.");
        }

        if (options.Threads < 1)
        {
            problems.Add($"Threads is {options.Threads}; at least 1 is needed.");
        }

        if (options.Quote is { Length: > 1 } quote && quote != "none")
        {
            problems.Add($"The quote is '{quote}'; it must be one character, or none.");
        }

        if ((options.Query ?? options.ItemQuery ?? options.UserQuery) is not null && options.Paths.Count > 0
            && (options.Paths.Count > 1 || DatabaseFormat.Recognize(options.Paths[0], options.Format) is null))
        {
            problems.Add($"A query needs one database, named by sqlite:PATH or postgres:CONNECTION, or duckdb: to query files, but the data is {string.Join(", ", options.Paths)}.");
        }

        foreach (var (option, path) in options.Paths.Select(path => ("data", path)).Concat(options.FilesBeside))
        {
            if (string.IsNullOrWhiteSpace(path))
            {
                problems.Add($"The path of {option} is empty. Name a file, or leave the option out.");
            }
            else if (option != "data" && Directory.Exists(path))
            {
                problems.Add($"{path}, which {option} names, is a folder. Name a file in it.");
            }
        }

        foreach (var (kind, query, file) in new[] { ("item", options.ItemQuery, options.ItemFile), ("user", options.UserQuery, options.UserFile) })
        {
            if (query is not null && file is not null)
            {
                problems.Add($"Features of {kind}s are to come from a query and from {file}. Give one of the options {kind}Query and {kind}File.");
            }
        }

        if (options.Delimiter is { Length: 0 })
        {
            problems.Add("The delimiter is empty; name one, such as ',' or tab.");
        }

        if (options.DecimalMark is not (null or "." or ","))
        {
            problems.Add($"The decimal mark is '{options.DecimalMark}'; it must be '.' or ','.");
        }

        if (options.Escape is not (null or "quote" or "backslash"))
        {
            problems.Add($"The option escape is '{options.Escape}'; it must be quote or backslash.");
        }

        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }
}

/// <summary>A data set with the report of its import.</summary>
/// <param name="Dataset">The data.</param>
/// <param name="Report">What was recognized, with warnings.</param>
public sealed record ImportResult(Dataset Dataset, ImportReport Report);

/// <summary>How far an import is.</summary>
/// <param name="Stage">What is being done, such as "reading interactions".</param>
/// <param name="Rows">Rows read so far.</param>
/// <param name="Fraction">Estimated share that is done, 0 to 1; null where it cannot be told.</param>
public sealed record ImportProgress(string Stage, long Rows, double? Fraction);
